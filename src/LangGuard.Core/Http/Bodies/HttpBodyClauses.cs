using System.Collections.Frozen;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Reads the clauses about request bodies: <c>body none|type|json|form|multipart ...</c> and <c>graphql ...</c>.</summary>
internal static class HttpBodyClauses
{
    private const string Kinds = "'body none', 'body type', 'body json', 'body form keys' or 'body multipart', once";
    private const string FieldNames =
        "field names with types such as amount:int,currency:text(3), each once and none that overrides the method, or '*'";

    public static HttpBodyRule Parse(string clause, HttpRuleReader reader, HttpBodyRule? before)
    {
        if (before is not null)
        {
            throw reader.Expected("one rule about the body");
        }

        if (clause == "graphql")
        {
            return GraphQlClauses.Parse(reader);
        }

        switch (reader.Read(Kinds))
        {
            case "type":
                return new BodyTypeRule(reader.ReadList("media types such as application/json"));
            case "none":
                return new BodyTypeRule([]);
            case "json":
                return new JsonBodyRule(null, ReadDepth(reader));
            case "form":
                return reader.Read("'keys'") == "keys" ? new FormBodyRule(ReadFields(reader)) : throw reader.Expected("'keys'");
            case "multipart":
                return ParseMultipart(reader);
            default:
                throw reader.Expected(Kinds);
        }
    }

    /// <summary>The limits of a rule: one that inspects bodies holds them in memory, so its default is small.</summary>
    public static HttpLimits Limit(HttpLimits limits, HttpBodyRule? body)
    {
        if (body is not InspectedBodyRule)
        {
            return limits;
        }

        return limits.MaxRequestBytes == HttpLimits.Default.MaxRequestBytes
            ? limits with { MaxRequestBytes = InspectedBodyRule.DefaultMaxBytes }
            : limits with { MaxRequestBytes = Math.Min(limits.MaxRequestBytes, body.MaxBytes) };
    }

    /// <summary>The rule that the options of an endpoint state, or null. Errors are collected.</summary>
    public static HttpBodyRule? FromOptions(HttpBodyOptions? options, string path, PolicyErrors errors)
    {
        if (options is null)
        {
            return null;
        }

        if (options.JsonSchema is not { Length: > 0 } text)
        {
            errors.Add($"{path}:JsonSchema", null, "There is no schema.", "State one, or remove the Body.");
            return null;
        }

        var problems = new List<string>();
        var schema = JsonSchema.TryParse(text, problems);
        foreach (var problem in problems)
        {
            errors.Add($"{path}:JsonSchema", null, problem, "The supported keywords are in docs/http.md.");
        }

        return schema is null ? null : new JsonBodyRule(schema.Root);
    }

    public static int ReadDepth(HttpRuleReader reader)
    {
        if (reader.Peek() != "depth")
        {
            return JsonBodyValidator.DefaultDepth;
        }

        reader.Read("'depth'");
        var depth = reader.ReadCount("a depth");
        return depth <= JsonBodyValidator.LargestDepth
            ? depth
            : throw reader.Expected($"a depth of at most {JsonBodyValidator.LargestDepth}");
    }

    private static FormFields ReadFields(HttpRuleReader reader) =>
        FormFields.TryParse(reader.ReadList(FieldNames)) ?? throw reader.Expected(FieldNames);

    private static MultipartBodyRule ParseMultipart(HttpRuleReader reader)
    {
        var fields = FormFields.None;
        string[] files = [];
        string[] types = [];
        while (reader.Peek() is "keys" or "files" or "types")
        {
            switch (reader.Read("a part"))
            {
                case "keys":
                    fields = ReadFields(reader);
                    break;
                case "files":
                    files = reader.ReadList("names of file parts");
                    break;
                default:
                    types = reader.ReadList("media types of files such as image/png");
                    break;
            }
        }

        if ((files.Length == 0 && fields is { IsAny: false, Count: 0 }) || (files.Length > 0) != (types.Length > 0))
        {
            throw reader.Expected("'keys' with fields, or 'files' with their names and 'types' with their media types");
        }

        return new MultipartBodyRule(new MultipartFields
        {
            Fields = fields,
            Files = files.ToFrozenSet(StringComparer.Ordinal),
            FileTypes = types.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
        });
    }
}
