using System.Text.Json.Nodes;
using LangGuard.Http;

namespace LangGuard.OpenApi;

/// <summary>Resolves references inside the document and brings schemas into the subset that body rules enforce.</summary>
internal sealed class OpenApiSchemas(JsonObject document)
{
    private const string Components = "#/components/schemas/";
    private const int MaxReferences = 32;

    /// <summary>What a local reference leads to, or the node itself.</summary>
    public JsonObject? Resolve(JsonNode? node)
    {
        for (var i = 0; i < MaxReferences; i++)
        {
            if (node is not JsonObject value)
            {
                return null;
            }

            if (value["$ref"] is not JsonValue reference)
            {
                return value;
            }

            node = document;
            foreach (var part in reference.GetValue<string>().Split('/').Skip(1))
            {
                var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal)
                    .Replace("~0", "~", StringComparison.Ordinal);
                node = (node as JsonObject)?[name];
            }
        }

        return null;
    }

    /// <summary>One self-contained schema: the referenced ones stand under <c>$defs</c>.</summary>
    public JsonObject Bundle(JsonNode schema)
    {
        var definitions = new JsonObject();
        var left = new Queue<string>();
        var bundled = Translate(schema.DeepClone(), left);
        while (left.TryDequeue(out var name))
        {
            if (!definitions.ContainsKey(name) && document["components"]?["schemas"]?[name] is { } target)
            {
                definitions[name] = Translate(target.DeepClone(), left);
            }
        }

        // A reference can say nothing else, so that the definitions stand beside it as what describes it.
        var result = bundled as JsonObject ?? [];
        if (definitions.Count > 0)
        {
            result["$defs"] = definitions;
        }

        return result;
    }

    private JsonNode Translate(JsonNode schema, Queue<string> references)
    {
        if (schema is not JsonObject value)
        {
            return schema;
        }

        value = Simplify(value);
        if (value["$ref"] is JsonValue reference)
        {
            var pointer = reference.GetValue<string>();
            if (pointer.StartsWith(Components, StringComparison.Ordinal))
            {
                references.Enqueue(pointer[Components.Length..]);
                return new JsonObject { ["$ref"] = "#/$defs/" + pointer[Components.Length..] };
            }

            return value;
        }

        // By the specification an unknown format only describes.
        if (value["format"] is JsonValue format && !IsEnforced(format.GetValue<string>()))
        {
            value.Remove("format");
        }

        value.Remove("discriminator");
        value.Remove("contentMediaType");
        foreach (var keyword in new[] { "items", "additionalProperties" })
        {
            if (value[keyword] is JsonObject inner)
            {
                value[keyword] = null;
                value[keyword] = Translate(inner, references);
            }
        }

        if (value["properties"] is JsonObject properties)
        {
            foreach (var name in properties.Select(p => p.Key).ToList())
            {
                if (properties[name] is JsonObject inner)
                {
                    properties[name] = null;
                    properties[name] = Translate(inner, references);
                }
            }
        }

        return value;
    }

    /// <summary>Undoes what only composes: one part in <c>allOf</c>, objects in <c>allOf</c>, "this or null".</summary>
    private JsonObject Simplify(JsonObject schema)
    {
        if (schema["allOf"] is JsonArray { Count: > 0 } all)
        {
            return all.Count == 1 && schema.Count(p => !IsWord(p.Key)) == 1 ? (JsonObject)all[0]!.DeepClone() : Merge(schema, all);
        }

        foreach (var keyword in new[] { "anyOf", "oneOf" })
        {
            if (schema[keyword] is JsonArray { Count: 2 } two
                && two.Count(part => part?["type"]?.ToJsonString() == "\"null\"") == 1
                && Resolve(two.First(part => part?["type"]?.ToJsonString() != "\"null\"")) is { } other)
            {
                var nullable = (JsonObject)other.DeepClone();
                nullable["nullable"] = true;
                return nullable;
            }
        }

        return schema;
    }

    private JsonObject Merge(JsonObject schema, JsonArray all)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        var rest = (JsonObject)schema.DeepClone();
        rest.Remove("allOf");
        foreach (var part in all.Select(Resolve).Append(rest))
        {
            // A part that is more than an object with keys keeps the whole as it is; the compiler then names it.
            if (part is null || part.Any(p => !IsWord(p.Key) && p.Key is not ("type" or "properties" or "required" or "additionalProperties"))
                || (part["type"] is { } type && type.ToJsonString() != "\"object\"")
                || part["additionalProperties"] is not (null or JsonValue))
            {
                return schema;
            }

            foreach (var (name, value) in part["properties"] as JsonObject ?? [])
            {
                if (properties.ContainsKey(name) && !JsonNode.DeepEquals(properties[name], value))
                {
                    return schema;
                }

                properties[name] = value?.DeepClone();
            }

            foreach (var name in part["required"] as JsonArray ?? [])
            {
                required.Add(name?.DeepClone());
            }
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required };
    }

    private static bool IsWord(string keyword) => JsonSchemaText.IsAnnotation(keyword) || keyword == "discriminator";

    private static bool IsEnforced(string format) =>
        JsonFormats.IsKnown(format) || format is "int32" or "int64" or "float" or "double";
}
