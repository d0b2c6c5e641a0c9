using System.Text;
using System.Text.Json;

namespace LangGuard.Http;

/// <summary>Turns a schema document into nodes, by a work list: a deeply nested or cyclic schema costs no stack.</summary>
internal sealed partial class JsonSchemaCompiler(JsonElement document, ICollection<string> errors)
{
    private const int MaxNodes = 5000;
    private const int MaxReferences = 32;

    private readonly Queue<(JsonElement Schema, string Path, JsonSchemaNode Node)> _work = new();
    private readonly Dictionary<string, JsonSchemaNode> _byPointer = new(StringComparer.Ordinal);
    private int _nodes;

    public JsonSchemaNode Compile()
    {
        var root = NodeFor(document, "$");
        while (_work.TryDequeue(out var next))
        {
            Fill(next.Schema, next.Path, next.Node);
            next.Node.Failure = new Reason(
                "http.body-schema",
                $"The body does not fit the rule at {next.Path}: expected {JsonSchemaText.Describe(next.Node)}.",
                Retry.ChangeArguments);
        }

        return root;
    }

    private void Error(string path, string problem) => errors.Add($"{path}: {problem}");

    private JsonSchemaNode NodeFor(JsonElement schema, string path)
    {
        string? pointer = path == "$" ? "#" : null;
        for (var i = 0; schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference); i++)
        {
            pointer = reference.ValueKind == JsonValueKind.String ? reference.GetString() : null;
            if (pointer is null || pointer.Length == 0 || pointer[0] != '#')
            {
                Error(path, "'$ref' must stay inside the document, as in '#/$defs/name'.");
                return new JsonSchemaNode();
            }

            if (i == MaxReferences || Resolve(pointer) is not { } target)
            {
                Error(path, $"'$ref' to '{pointer}' leads nowhere.");
                return new JsonSchemaNode();
            }

            if (schema.EnumerateObject().Any(p => p.Name != "$ref" && !JsonSchemaText.IsAnnotation(p.Name)))
            {
                Error(path, "A schema with '$ref' can say nothing else.");
            }

            schema = target;
        }

        if (pointer is not null && _byPointer.TryGetValue(pointer, out var known))
        {
            return known;
        }

        var node = new JsonSchemaNode();
        if (pointer is not null)
        {
            _byPointer.Add(pointer, node);
        }

        if (++_nodes > MaxNodes)
        {
            if (_nodes == MaxNodes + 1)
            {
                Error(path, $"The schema has more than {MaxNodes} parts.");
            }

            return node;
        }

        _work.Enqueue((schema, path, node));
        return node;
    }

    private JsonElement? Resolve(string pointer)
    {
        var at = document;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at;
    }

    private void Fill(JsonElement schema, string path, JsonSchemaNode node)
    {
        if (schema.ValueKind == JsonValueKind.True
            || (schema.ValueKind == JsonValueKind.Object && schema.EnumerateObject().All(p => JsonSchemaText.IsAnnotation(p.Name))))
        {
            node.IsAny = true;
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            Error(path, "A schema is an object, or true.");
            return;
        }

        var implied = JsonTypes.None;
        JsonTypes? stated = null;
        var isNullable = false;
        foreach (var keyword in schema.EnumerateObject())
        {
            var value = keyword.Value;
            switch (keyword.Name)
            {
                case "type":
                    stated = ReadTypes(value, path);
                    break;
                case "nullable":
                    isNullable = value.ValueKind == JsonValueKind.True;
                    break;
                case "enum":
                    ReadEnum(value, path, node, ref implied);
                    break;
                case "const":
                    ReadChoices([value], path, node, ref implied);
                    break;
                case "properties" or "required":
                    implied |= JsonTypes.Object;
                    break;
                case "additionalProperties":
                    implied |= JsonTypes.Object;
                    node.Additional = value.ValueKind == JsonValueKind.False ? null : NodeFor(value, path + ".*");
                    break;
                case "minProperties":
                    implied |= JsonTypes.Object;
                    node.MinProperties = ReadCount(keyword, path);
                    break;
                case "maxProperties":
                    implied |= JsonTypes.Object;
                    node.MaxProperties = ReadCount(keyword, path);
                    break;
                case "items":
                    implied |= JsonTypes.Array;
                    node.Items = NodeFor(value, path + "[]");
                    break;
                case "minItems":
                    implied |= JsonTypes.Array;
                    node.MinItems = ReadCount(keyword, path);
                    break;
                case "maxItems":
                    implied |= JsonTypes.Array;
                    node.MaxItems = ReadCount(keyword, path);
                    break;
                case "minLength":
                    implied |= JsonTypes.String;
                    node.MinLength = ReadCount(keyword, path);
                    break;
                case "maxLength":
                    implied |= JsonTypes.String;
                    node.MaxLength = ReadCount(keyword, path);
                    break;
                case "pattern":
                    implied |= JsonTypes.String;
                    ReadPattern(value, path, node);
                    break;
                case "format":
                    ReadFormat(value, path, node, ref implied);
                    break;
                case "minimum":
                    implied |= JsonTypes.Number;
                    node.Minimum = ReadBound(keyword, path);
                    break;
                case "maximum":
                    implied |= JsonTypes.Number;
                    node.Maximum = ReadBound(keyword, path);
                    break;
                case "exclusiveMinimum":
                    implied |= JsonTypes.Number;
                    (node.Minimum, node.ExcludesMinimum) = ReadExclusive(keyword, path, node.Minimum);
                    break;
                case "exclusiveMaximum":
                    implied |= JsonTypes.Number;
                    (node.Maximum, node.ExcludesMaximum) = ReadExclusive(keyword, path, node.Maximum);
                    break;
                default:
                    if (!JsonSchemaText.IsAnnotation(keyword.Name))
                    {
                        Error(path, $"'{keyword.Name}' is not supported. Remove it, or say the same with supported keywords.");
                    }

                    break;
            }
        }

        CheckExclusiveBounds(schema, path);
        SetTypes(node, stated, implied, isNullable, path);
        ReadProperties(schema, path, node);
    }
}
