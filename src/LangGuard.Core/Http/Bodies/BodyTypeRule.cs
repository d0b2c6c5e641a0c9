using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Grants bodies of some media types only.</summary>
internal sealed class BodyTypeRule(string[] types) : HttpBodyRule
{
    private static readonly Reason Refused = new(
        "http.body", "The body does not have a media type that the rule grants.", Retry.ChangeArguments);

    public override int MaxBytes => 0;

    public override Reason? Check(HttpOperation operation) =>
        !operation.HasBody || Array.Exists(
            types, type => string.Equals(type, operation.BodyMediaType, StringComparison.OrdinalIgnoreCase))
            ? null
            : Refused;
}
