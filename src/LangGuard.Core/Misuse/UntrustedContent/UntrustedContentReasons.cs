namespace LangGuard.Misuse;

/// <summary>Why an operation asks once untrusted content is there.</summary>
internal static class UntrustedContentReasons
{
    internal static readonly Reason Target = new(
        "untrusted.target",
        "Untrusted content has been read, and the target of this operation was not named by the user.", Retry.AskUser,
        "AnticipateMisuse(misuse => misuse.TrackUntrustedContent(u => u.Trust(...)))");

    internal static readonly Reason Amount = new(
        "untrusted.amount",
        "Untrusted content has been read, and the user did not name the amount of this payment.", Retry.AskUser);

    internal static readonly Reason Link = new(
        "untrusted.link",
        "Untrusted content has been read, and what is sent holds a link that the user did not give.", Retry.AskUser);

    internal static readonly Reason Outgoing = new(
        "untrusted.outgoing",
        "Untrusted content has been read, and the request carries content that comes neither from the user nor from the same site.",
        Retry.AskUser);

    internal static readonly Reason Destructive = new(
        "untrusted.destructive",
        "Untrusted content has been read, and the user did not name what is to be deleted or changed.", Retry.AskUser);
}
