namespace LangGuard.Permissions;

/// <summary>What the body of a request must be, where a rule text is too short to say it.</summary>
internal sealed class HttpBodyOptions
{
    /// <summary>A JSON schema as text: required, type, enum, const, range, length, pattern, format, items, properties and
    /// references inside the document. Keys that are not declared are refused unless <c>additionalProperties</c> grants
    /// them. A keyword that is not supported is an error. Null grants no JSON.</summary>
    public string? JsonSchema { get; set; }
}
