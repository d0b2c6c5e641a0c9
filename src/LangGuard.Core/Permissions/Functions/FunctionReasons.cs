namespace LangGuard.Permissions;

/// <summary>Why a function call is denied.</summary>
internal static class FunctionReasons
{
    internal static readonly Reason NotGranted = new(
        "functions.not-granted", "This function is not granted.", Retry.No,
        "LimitPermissions(allow => allow.Function(\"{resource}\", ...))");

    internal static readonly Reason Argument = new(
        "functions.argument", "An argument is missing or has a value that is not permitted.", Retry.ChangeArguments,
        "LimitPermissions: change the rule of the argument of {resource}");

    internal static readonly Reason UnlistedArgument = new(
        "functions.unlisted-argument", "An argument is not permitted.", Retry.ChangeArguments,
        "LimitPermissions(allow => allow.Function(\"{resource}\", f => f.Any(...)))");

    internal static readonly Reason AmbiguousArguments = new(
        "functions.ambiguous-arguments", "The arguments have no single meaning: a name is given twice or in two cases.",
        Retry.ChangeArguments);

    internal static readonly Reason Changed = new(
        "functions.changed", "The function is not the one that was registered, so it was not called.");

    internal static readonly Reason LookAlike = new(
        "functions.look-alike", "The name of the function can be taken for another one, so it was not called.");

    internal static readonly Reason ApprovalMarker = new(
        "functions.approval", "The function is marked as one that a person has to approve.", Retry.AskUser);
}
