namespace LangGuard.Http;

/// <summary>Grants JSON bodies, of one shape where there is a schema.</summary>
internal sealed class JsonBodyRule(JsonSchemaNode? schema, int maxDepth = JsonBodyValidator.DefaultDepth) : InspectedBodyRule
{
    /// <summary>Whether a schema fixes names and kinds of values.</summary>
    public bool HasShape => schema is not null;

    protected override bool Accepts(in BodyContentType type) =>
        !type.HasOtherParameters && type.Boundary.IsEmpty
        && (type.Is("application/json")
            || (type.MediaType.StartsWith("application/", StringComparison.OrdinalIgnoreCase)
                && type.MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)));

    protected override Reason? CheckContent(in BodyContentType type, ReadOnlySpan<byte> body) =>
        JsonBodyValidator.Validate(body, schema, maxDepth);
}
