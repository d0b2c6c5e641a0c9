using System.Text.Json.Nodes;

namespace LangGuard.OpenApi;

/// <summary>The request body of an operation: none, JSON of one shape, a form, or a form with files.</summary>
/// <param name="Schema">Its schema, or null when the operation has no body.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="Files">The fields that are files, each with its media type.</param>
/// <param name="IsRequired">Whether it has to be there.</param>
/// <param name="Clause">What the rule text says about it.</param>
internal sealed record OpenApiBody(
    JsonObject? Schema, OpenApiBodyKind Kind, IReadOnlyDictionary<string, string> Files, bool IsRequired, string Clause)
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Multipart = "multipart/form-data";

    private static readonly Dictionary<string, string> NoFiles = [];

    public static OpenApiBody Read(JsonObject operation, OpenApiSchemas schemas, string id, OpenApiErrors errors)
    {
        var none = new OpenApiBody(null, OpenApiBodyKind.None, NoFiles, false, " body none");
        if (schemas.Resolve(operation["requestBody"]) is not { } request)
        {
            return none;
        }

        var isRequired = (bool?)request["required"] ?? false;
        var content = request["content"] as JsonObject ?? [];
        var json = content.FirstOrDefault(c => c.Key.Split(';')[0].Trim() == "application/json").Value;
        if (json?["schema"] is { } schema)
        {
            return new OpenApiBody(schemas.Bundle(schema), OpenApiBodyKind.Json, NoFiles, isRequired, string.Empty);
        }

        if (content[Form]?["schema"] is { } form && schemas.Resolve(form) is { } fields
            && fields["properties"] is JsonObject { Count: > 0 } properties)
        {
            var keys = properties.Select(p => $"{p.Key}:{OpenApiRules.Slot(schemas.Resolve(p.Value) ?? [])}");
            return new OpenApiBody(
                schemas.Bundle(fields), OpenApiBodyKind.Form, NoFiles, isRequired, " body form keys " + string.Join(',', keys));
        }

        if (content[Multipart] is JsonObject media && schemas.Resolve(media["schema"]) is { } parts
            && parts["properties"] is JsonObject { Count: > 0 } named)
        {
            return ReadMultipart(media, parts, named, schemas, isRequired);
        }

        errors.Add(id, "The request body is neither JSON nor a form with a schema.", "Write this rule by hand.");
        return none;
    }

    /// <summary>A part is a file when its schema or the encoding of the document says that it is binary.</summary>
    private static OpenApiBody ReadMultipart(
        JsonObject media, JsonObject parts, JsonObject named, OpenApiSchemas schemas, bool isRequired)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var fields = new List<string>();
        foreach (var (name, node) in named)
        {
            var schema = schemas.Resolve(node) ?? [];
            var type = (string?)media["encoding"]?[name]?["contentType"];
            if ((string?)schema["format"] is "binary" or "byte" || schema["contentMediaType"] is not null
                || (type is not null && type != "text/plain"))
            {
                files.Add(name, type ?? (string?)schema["contentMediaType"] ?? "application/octet-stream");
            }
            else
            {
                fields.Add($"{name}:{OpenApiRules.Slot(schema)}");
            }
        }

        var types = files.Values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)).Distinct();
        var clause = " body multipart" + (fields.Count == 0 ? string.Empty : " keys " + string.Join(',', fields))
            + (files.Count == 0 ? string.Empty : $" files {string.Join(',', files.Keys)} types {string.Join(',', types)}");
        return new OpenApiBody(schemas.Bundle(parts), OpenApiBodyKind.Multipart, files, isRequired, clause);
    }
}
