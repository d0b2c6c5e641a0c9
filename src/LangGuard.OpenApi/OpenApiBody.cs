using System.Text.Json.Nodes;

namespace LangGuard.OpenApi;

/// <summary>The request body of an operation: none, JSON of one shape, or a form.</summary>
/// <param name="Schema">Its schema, or null when the operation has no body.</param>
/// <param name="IsForm">Whether it is an urlencoded form.</param>
/// <param name="IsRequired">Whether it has to be there.</param>
/// <param name="Clause">What the rule text says about it.</param>
internal sealed record OpenApiBody(JsonObject? Schema, bool IsForm, bool IsRequired, string Clause)
{
    private const string Form = "application/x-www-form-urlencoded";

    public static OpenApiBody Read(JsonObject operation, OpenApiSchemas schemas, string id, OpenApiErrors errors)
    {
        var none = new OpenApiBody(null, false, false, " body none");
        if (schemas.Resolve(operation["requestBody"]) is not { } request)
        {
            return none;
        }

        var isRequired = (bool?)request["required"] ?? false;
        var content = request["content"] as JsonObject ?? [];
        var json = content.FirstOrDefault(c => c.Key.Split(';')[0].Trim() == "application/json").Value;
        if (json?["schema"] is { } schema)
        {
            return new OpenApiBody(schemas.Bundle(schema), false, isRequired, string.Empty);
        }

        if (content[Form]?["schema"] is { } form && schemas.Resolve(form) is { } fields
            && fields["properties"] is JsonObject { Count: > 0 } properties)
        {
            var keys = properties.Select(p => $"{p.Key}:{OpenApiRules.Slot(schemas.Resolve(p.Value) ?? [])}");
            return new OpenApiBody(schemas.Bundle(fields), true, isRequired, " body form keys " + string.Join(',', keys));
        }

        errors.Add(id, "The request body is neither JSON nor a form with a schema.", "Write this rule by hand.");
        return none;
    }
}
