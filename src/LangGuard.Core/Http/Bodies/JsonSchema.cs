using System.Text.Json;

namespace LangGuard.Http;

/// <summary>
/// The subset of JSON schema that can be enforced while reading once: types, enumerations, ranges, lengths, patterns, formats,
/// required keys. Undeclared keys are refused unless <c>additionalProperties</c> says otherwise. What is not in the subset is
/// an error, never ignored.
/// </summary>
internal sealed class JsonSchema
{
    private const int MaxLength = 1024 * 1024;

    private JsonSchema(JsonSchemaNode root) => Root = root;

    public JsonSchemaNode Root { get; }

    /// <summary>Compiles a schema. Null when it has errors, all of which are added to <paramref name="errors"/>.</summary>
    public static JsonSchema? TryParse(string schema, ICollection<string> errors)
    {
        if (schema.Length > MaxLength)
        {
            errors.Add($"The schema is longer than {MaxLength} characters.");
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(
                schema, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            var compiler = new JsonSchemaCompiler(document.RootElement, errors);
            var before = errors.Count;
            var root = compiler.Compile();
            return errors.Count == before ? new JsonSchema(root) : null;
        }
        catch (JsonException)
        {
            errors.Add("The schema is not well-formed JSON, or has a key twice.");
            return null;
        }
    }
}
