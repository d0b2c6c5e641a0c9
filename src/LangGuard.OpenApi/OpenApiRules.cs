using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using LangGuard.Http;
using LangGuard.Permissions;

namespace LangGuard.OpenApi;

/// <summary>Writes the rule text of an operation: typed slots, query keys, headers.</summary>
internal static class OpenApiRules
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(",:* ;&=");

    /// <summary>The type of a slot or query value, as rules write it.</summary>
    public static string Slot(JsonObject schema)
    {
        if (schema["enum"] is JsonArray { Count: > 1 } choices)
        {
            var values = choices.Select(c => c is JsonValue ? c.ToString() : string.Empty).ToList();
            if (values.TrueForAll(v => v.Length is > 0 and <= SlotRule.DefaultMaxLength && v.All(IsPlain)))
            {
                return string.Join('|', values);
            }
        }

        var format = (string?)schema["format"];
        switch (TypeOf(schema))
        {
            case "integer":
                return "int";
            case "number":
                return "number";
            case "boolean":
                return "bool";
            default:
                return format is "uuid" or "date" ? format
                    : schema["maxLength"] is JsonValue length && length.TryGetValue(out int max) && max is > 0 and <= 4096
                        ? $"text({max})"
                        : "text";
        }
    }

    public static string? TypeOf(JsonObject schema) =>
        schema["type"] is JsonArray types
            ? types.Select(t => (string?)t).FirstOrDefault(t => t != "null")
            : (string?)schema["type"];

    /// <summary>The path with typed slots, or null when a slot is only part of a segment.</summary>
    public static string? Path(string template, IReadOnlyList<OpenApiParameter> parameters)
    {
        var path = new StringBuilder();
        foreach (var segment in template.Split('/').Skip(1))
        {
            path.Append('/');
            if (!segment.Contains('{', StringComparison.Ordinal))
            {
                path.Append(segment);
                continue;
            }

            var name = segment.Trim('{', '}');
            var parameter = parameters.FirstOrDefault(p => p.Place == "path" && p.Name == name);
            if (segment != $"{{{name}}}" || parameter is null)
            {
                return null;
            }

            path.Append('{').Append(name).Append(':').Append(Slot(parameter.Schema)).Append('}');
        }

        return path.ToString();
    }

    /// <summary>The query clause; a parameter that has no form in a rule is an error.</summary>
    public static string Query(IReadOnlyList<OpenApiParameter> parameters, string id, OpenApiErrors errors)
    {
        var keys = new List<string>();
        foreach (var parameter in parameters.Where(p => p.Place == "query"))
        {
            var schema = TypeOf(parameter.Schema) == "array" ? parameter.Schema["items"] as JsonObject ?? [] : parameter.Schema;
            if (TypeOf(schema) is "object" or "array" || parameter.Name.AsSpan().ContainsAny(Separators) || parameter.Name.Length == 0)
            {
                if (parameter.IsRequired)
                {
                    errors.Add(id, $"The query parameter '{parameter.Name}' has no form in a rule.", "Write this rule by hand.");
                }

                continue;
            }

            keys.Add($"{parameter.Name}:{Slot(schema)}");
        }

        return keys.Count == 0 ? string.Empty : " query " + string.Join(',', keys);
    }

    public static string Headers(IReadOnlyList<OpenApiParameter> parameters, string id, OpenApiErrors errors)
    {
        var names = new List<string>();
        foreach (var parameter in parameters.Where(p => p.Place == "header"))
        {
            if (!RequestHeaders.IsToken(parameter.Name) || RequestHeaders.IsForbidden(parameter.Name))
            {
                errors.Add(id, $"The header '{parameter.Name}' is never granted.", "Write this rule by hand.");
            }
            else
            {
                names.Add(parameter.Name);
            }
        }

        return names.Count == 0 ? string.Empty : " header " + string.Join(',', names);
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.';
}
