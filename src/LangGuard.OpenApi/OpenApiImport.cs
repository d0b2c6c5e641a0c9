using System.Text.Json;
using System.Text.Json.Nodes;
using LangGuard.Permissions;

namespace LangGuard.OpenApi;

/// <summary>Makes one endpoint rule, with its body rule, and one description for each granted operation of a document.</summary>
internal sealed class OpenApiImport(string name, OpenApiGrantBuilder grant, OpenApiErrors errors)
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch"];

    private readonly HashSet<string> _missing = [.. grant.Ids, .. grant.AllOfTags, .. grant.ReadsOfTags];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private string _server = string.Empty;

    public void Run(JsonObject document, IDictionary<string, HttpRuleOptions> rules, OpenApiGrants grants)
    {
        if (!TryServer())
        {
            return;
        }

        var schemas = new OpenApiSchemas(document);
        foreach (var (path, node) in document["paths"] as JsonObject ?? [])
        {
            if (schemas.Resolve(node) is not { } item)
            {
                continue;
            }

            foreach (var method in Methods)
            {
                if (item[method] is JsonObject operation && (string?)operation["operationId"] is { } id)
                {
                    if (!_ids.Add(id))
                    {
                        errors.Add(id, "The document has this operation id twice.", "Correct the document.");
                    }
                    else if (IsGranted(id, method, operation))
                    {
                        Add(id, method, path, item, operation, schemas, rules, grants);
                    }
                }
            }
        }

        foreach (var missing in _missing.Order(StringComparer.Ordinal))
        {
            errors.Add(missing, "The document has no such operation id or tag.", "Correct the name.");
        }
    }

    private bool TryServer()
    {
        if (Uri.TryCreate(grant.ServerUrl, UriKind.Absolute, out var uri)
            && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && grant.Networks.Count > 0)))
        {
            _server = uri.AbsoluteUri.TrimEnd('/');
            return true;
        }

        errors.Add("Server", "The server is no absolute https URL.",
            "Name it with Server(\"https://...\"); a document never chooses its own server.");
        return false;
    }

    private bool IsGranted(string id, string method, JsonObject operation)
    {
        var isGranted = grant.Ids.Contains(id);
        _missing.Remove(id);
        foreach (var tag in operation["tags"] as JsonArray ?? [])
        {
            var text = (string?)tag ?? string.Empty;
            if (grant.AllOfTags.Contains(text) || (grant.ReadsOfTags.Contains(text) && method is "get" or "head"))
            {
                isGranted = true;
            }

            _missing.Remove(text);
        }

        return isGranted;
    }

    private void Add(
        string id, string method, string path, JsonObject item, JsonObject operation, OpenApiSchemas schemas,
        IDictionary<string, HttpRuleOptions> rules, OpenApiGrants grants)
    {
        var before = errors.Count;
        if (operation["servers"] is JsonArray { Count: > 0 } || item["servers"] is JsonArray { Count: > 0 })
        {
            errors.Add(id, "The operation states a server of its own.", "Write this rule by hand.");
        }

        var parameters = Parameters(id, item, operation, schemas);
        if (OpenApiRules.Path(path, parameters) is not { } typed)
        {
            errors.Add(id, "A path parameter is only part of a segment, or is not described.", "Write this rule by hand.");
            return;
        }

        var rule = $"{method.ToUpperInvariant()} {_server}{typed}"
            + OpenApiRules.Query(parameters, id, errors) + OpenApiRules.Headers(parameters, id, errors)
            + (grant.Networks.Count == 0 ? string.Empty : " private " + string.Join(',', grant.Networks))
            + (grant.Credential is null ? string.Empty : " inject " + grant.Credential);
        var body = OpenApiBody.Read(operation, schemas, id, errors);
        var options = new HttpRuleOptions
        {
            Rule = rule + body.Clause,
            Body = body is { Schema: { } schema, Kind: OpenApiBodyKind.Json } ? new HttpBodyOptions { JsonSchema = schema.ToJsonString() } : null,
        };
        if (errors.Count > before)
        {
            return;
        }

        rules.Add($"openapi:{name}:{id}", options);
        grants.Operations.Add(new OpenApiOperation(
            name, id, method.ToUpperInvariant(), path, Describe(operation), Schema(parameters, body),
            new OpenApiRequestTemplate(
                HttpMethod.Parse(method.ToUpperInvariant()), _server, path, parameters, body)));
    }

    private List<OpenApiParameter> Parameters(string id, JsonObject item, JsonObject operation, OpenApiSchemas schemas)
    {
        var parameters = new Dictionary<(string?, string?), OpenApiParameter>();
        foreach (var node in (item["parameters"] as JsonArray ?? []).Concat(operation["parameters"] as JsonArray ?? []))
        {
            if (schemas.Resolve(node) is not { } parameter || (string?)parameter["name"] is not { } parameterName)
            {
                errors.Add(id, "A parameter is not described.", "Correct the document.");
                continue;
            }

            var place = (string?)parameter["in"];
            var isOwn = place is "path" or "query"
                || (place == "header" && parameterName.ToUpperInvariant() is not ("ACCEPT" or "CONTENT-TYPE" or "AUTHORIZATION"));
            if (isOwn)
            {
                var schema = schemas.Resolve(parameter["schema"]) ?? [];
                parameters[(place, parameterName)] = new OpenApiParameter(
                    parameterName, place!, (bool?)parameter["required"] ?? false, schemas.Bundle(schema),
                    (string?)parameter["description"]);
            }
        }

        foreach (var twice in parameters.Values.GroupBy(p => p.Name, StringComparer.Ordinal).Where(g => g.Count() > 1 || g.Key == "body"))
        {
            errors.Add(id, $"Two arguments would have the name '{twice.Key}'.", "Write this rule by hand.");
        }

        return [.. parameters.Values];
    }

    private static string Describe(JsonObject operation) =>
        string.Join("\n\n", new[] { (string?)operation["summary"], (string?)operation["description"] }
            .Where(text => !string.IsNullOrWhiteSpace(text)));

    private static JsonElement Schema(List<OpenApiParameter> parameters, OpenApiBody body)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var parameter in parameters)
        {
            var schema = parameter.Schema.DeepClone();
            if (parameter.Description is not null && schema["description"] is null && schema["$ref"] is null)
            {
                schema["description"] = parameter.Description;
            }

            properties[parameter.Name] = schema;
            if (parameter.IsRequired)
            {
                required.Add((JsonNode)parameter.Name);
            }
        }

        var result = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = required,
            ["additionalProperties"] = false,
        };
        if (body.Schema is { } bodySchema)
        {
            var clone = (JsonObject)bodySchema.DeepClone();
            if (clone["$defs"] is JsonObject definitions)
            {
                clone.Remove("$defs");
                result["$defs"] = definitions;
            }

            properties["body"] = clone;
            if (body.IsRequired)
            {
                required.Add((JsonNode)"body");
            }
        }

        using var document = JsonDocument.Parse(result.ToJsonString());
        return document.RootElement.Clone();
    }
}
