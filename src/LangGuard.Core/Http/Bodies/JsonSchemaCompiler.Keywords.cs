using System.Text;
using System.Text.Json;

namespace LangGuard.Http;

internal sealed partial class JsonSchemaCompiler
{
    private void SetTypes(JsonSchemaNode node, JsonTypes? stated, JsonTypes implied, bool isNullable, string path)
    {
        if (stated is null && implied == JsonTypes.None)
        {
            Error(path, "The schema states no type.");
        }

        node.Types = (stated ?? implied) | (isNullable ? JsonTypes.Null : JsonTypes.None);
    }

    private JsonTypes ReadTypes(JsonElement value, string path)
    {
        var types = JsonTypes.None;
        foreach (var item in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])
        {
            var type = (item.ValueKind == JsonValueKind.String ? item.GetString() : null) switch
            {
                "null" => JsonTypes.Null,
                "boolean" => JsonTypes.Boolean,
                "integer" => JsonTypes.Integer,
                "number" => JsonTypes.Number,
                "string" => JsonTypes.String,
                "array" => JsonTypes.Array,
                "object" => JsonTypes.Object,
                _ => JsonTypes.None,
            };
            if (type == JsonTypes.None)
            {
                Error(path, "'type' is one of null, boolean, integer, number, string, array, object, or a list of them.");
            }

            types |= type;
        }

        return types;
    }

    private void ReadEnum(JsonElement value, string path, JsonSchemaNode node, ref JsonTypes implied)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            Error(path, "'enum' is a list of at least one value.");
            return;
        }

        ReadChoices([.. value.EnumerateArray()], path, node, ref implied);
    }

    private void ReadChoices(JsonElement[] values, string path, JsonSchemaNode node, ref JsonTypes implied)
    {
        if (node.Strings is not null || node.Numbers is not null)
        {
            Error(path, "'enum' and 'const' exclude each other.");
        }

        var strings = new List<string>();
        var numbers = new List<byte[]>();
        var booleans = new HashSet<bool>();
        foreach (var value in values)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.String:
                    strings.Add(value.GetString()!);
                    implied |= JsonTypes.String;
                    break;
                case JsonValueKind.Number when JsonNumber.TryParse(Encoding.UTF8.GetBytes(value.GetRawText()), out _):
                    numbers.Add(Encoding.UTF8.GetBytes(value.GetRawText()));
                    implied |= JsonNumber.IsInteger(numbers[^1]) ? JsonTypes.Integer : JsonTypes.Number;
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    booleans.Add(value.GetBoolean());
                    implied |= JsonTypes.Boolean;
                    break;
                case JsonValueKind.Null:
                    implied |= JsonTypes.Null;
                    break;
                default:
                    Error(path, "'enum' and 'const' take strings, numbers, truth values and null.");
                    break;
            }
        }

        // Invariant: once choices are stated, a kind of value without a choice has none.
        node.SetStrings(strings);
        node.Numbers = [.. numbers];
        node.Choices = implied;
        node.Boolean = booleans.Count == 1 ? booleans.Single() : null;
    }

    private void ReadPattern(JsonElement value, string path, JsonSchemaNode node)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Error(path, "'pattern' is a string.");
            return;
        }

        node.Pattern = JsonPattern.TryCompile(value.GetString()!, out var problem);
        if (node.Pattern is null)
        {
            Error(path, problem);
        }
    }

    private void ReadFormat(JsonElement value, string path, JsonSchemaNode node, ref JsonTypes implied)
    {
        var format = value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
        switch (format)
        {
            case "int32":
                implied |= JsonTypes.Integer;
                node.Minimum ??= "-2147483648"u8.ToArray();
                node.Maximum ??= "2147483647"u8.ToArray();
                break;
            case "int64":
                implied |= JsonTypes.Integer;
                node.Minimum ??= "-9223372036854775808"u8.ToArray();
                node.Maximum ??= "9223372036854775807"u8.ToArray();
                break;
            case "float" or "double":
                implied |= JsonTypes.Number;
                break;
            default:
                implied |= JsonTypes.String;
                node.Format = format;
                if (!JsonFormats.IsKnown(format))
                {
                    Error(path, $"The format '{format}' is not supported. Remove it, or use a pattern.");
                }

                break;
        }
    }

    private int ReadCount(JsonProperty keyword, string path)
    {
        if (keyword.Value.ValueKind == JsonValueKind.Number && keyword.Value.TryGetInt32(out var count) && count >= 0)
        {
            return count;
        }

        Error(path, $"'{keyword.Name}' is a whole number that is not negative.");
        return 0;
    }

    private byte[]? ReadBound(JsonProperty keyword, string path)
    {
        var text = Encoding.UTF8.GetBytes(keyword.Value.GetRawText());
        if (keyword.Value.ValueKind == JsonValueKind.Number && JsonNumber.TryParse(text, out _))
        {
            return text;
        }

        Error(path, $"'{keyword.Name}' is a number.");
        return null;
    }

    private (byte[]? Bound, bool Excludes) ReadExclusive(JsonProperty keyword, string path, byte[]? bound) =>
        keyword.Value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? (bound, keyword.Value.GetBoolean())
            : (ReadBound(keyword, path), true);

    private void CheckExclusiveBounds(JsonElement schema, string path)
    {
        foreach (var (plain, exclusive) in new[] { ("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum") })
        {
            if (!schema.TryGetProperty(exclusive, out var value))
            {
                continue;
            }

            if (value.ValueKind == JsonValueKind.Number == schema.TryGetProperty(plain, out _))
            {
                Error(path, $"'{exclusive}' is a number without '{plain}', or true beside '{plain}'.");
            }
        }
    }

    private void ReadProperties(JsonElement schema, string path, JsonSchemaNode node)
    {
        var properties = new Dictionary<string, (JsonSchemaNode Node, int Index)>(StringComparer.Ordinal);
        if (schema.TryGetProperty("properties", out var declared))
        {
            if (declared.ValueKind != JsonValueKind.Object)
            {
                Error(path, "'properties' is an object.");
                return;
            }

            var folded = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in declared.EnumerateObject())
            {
                if (!folded.Add(JsonKeys.Fold(property.Name)) || !JsonKeys.IsPlain(property.Name)
                    || JsonKeys.IsHostile(property.Name) || MethodOverrides.IsMatch(property.Name))
                {
                    Error(path, "A property is there twice in two letter cases, or has a name that is never granted.");
                    continue;
                }

                var child = NodeFor(property.Value, $"{path}.{JsonSchemaText.Printable(property.Name)}");
                properties.Add(property.Name, (child, properties.Count));
            }
        }

        node.SetProperties(properties);
        if (!schema.TryGetProperty("required", out var required))
        {
            return;
        }

        var indexes = new SortedSet<int>();
        foreach (var name in required.ValueKind == JsonValueKind.Array ? required.EnumerateArray().ToArray() : [required])
        {
            if (name.ValueKind != JsonValueKind.String || !properties.TryGetValue(name.GetString()!, out var property))
            {
                Error(path, "'required' is a list of names that are in 'properties'.");
                return;
            }

            indexes.Add(property.Index);
        }

        node.Required = [.. indexes];
    }
}
