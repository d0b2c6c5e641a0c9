namespace LangGuard.Http;

/// <summary>Why a request with a credential is refused.</summary>
internal static class CredentialReasons
{
    internal static readonly Reason Slot = new(
        "http.credential-slot",
        "The guard attaches the credential of this endpoint itself; send none of your own.",
        Retry.ChangeArguments);

    internal static readonly Reason Range = new(
        "http.credential-range", "Parts of a response can not be asked for where a credential is attached.",
        Retry.ChangeArguments);

    internal static readonly Reason Scope = new(
        "http.credential-scope", "The credential of the rule is not for this endpoint or method.");

    internal static readonly Reason Leak = new(
        "http.credential-leak", "The request holds a credential that the guard keeps from the agent.");
}
