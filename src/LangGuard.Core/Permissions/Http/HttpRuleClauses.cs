using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>Reads what follows the URL of a rule.</summary>
internal static class HttpRuleClauses
{
    private const string Names =
        "'query', 'header', 'body', 'graphql', 'type', 'max-response', 'max-content', 'max-body', 'timeout', 'idle', 'rate', "
        + "'concurrency', 'events', 'private', 'inject' or 'trusted'";

    public static void Parse(HttpRuleReader reader, HttpRuleDraft draft)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.TryRead(out var clause))
        {
            if (!seen.Add(clause) && clause is not ("query" or "header" or "private" or "body"))
            {
                throw reader.Expected($"each clause once; '{clause}' is there twice");
            }

            if (draft.IsDeny)
            {
                throw reader.Expected("nothing after the URL of a deny rule: it denies the whole endpoint");
            }

            Parse(clause, reader, draft);
        }
    }

    private static void Parse(string clause, HttpRuleReader reader, HttpRuleDraft draft)
    {
        switch (clause)
        {
            case "query":
                draft.Query = ParseQuery(reader, draft.Query);
                break;
            case "header":
                draft.Headers = ParseHeaders(reader);
                break;
            case "private":
                ParsePrivate(reader, draft);
                break;
            case "inject":
                ParseInject(reader, draft);
                break;
            case "trusted":
                draft.Trusted = true;
                break;
            case "body" or "graphql":
                draft.Body = HttpBodyClauses.Parse(clause, reader, draft.Body);
                break;
            default:
                draft.Limits = ParseLimit(clause, reader, draft.Limits);
                break;
        }
    }

    private static HttpLimits ParseLimit(string clause, HttpRuleReader reader, HttpLimits limits) => clause switch
    {
        "max-response" => limits with { MaxResponseBytes = reader.ReadSize("a size such as 2MiB") },
        "max-content" => limits with { MaxContentBytes = reader.ReadSize("a size such as 8MiB") },
        "max-body" => limits with { MaxRequestBytes = reader.ReadSize("a size such as 64KiB") },
        "timeout" => limits with { TotalTimeout = reader.ReadDuration("a duration such as 30s") },
        "idle" => limits with { IdleTimeout = reader.ReadDuration("a duration such as 5s") },
        "concurrency" => limits with { MaxConcurrency = reader.ReadCount("a number of requests") },
        "events" => limits with { MaxEvents = reader.ReadCount("a number of events") },
        "rate" => ParseRate(reader, limits),
        "type" => limits with
        {
            ContentTypes = ParseTypes(reader).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
        },
        _ => throw reader.Expected(Names),
    };

    private static HttpLimits ParseRate(HttpRuleReader reader, HttpLimits limits)
    {
        const string expected = "a rate such as 60/min";
        var word = reader.Read(expected);
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        var period = (slash < 0 ? string.Empty : word[(slash + 1)..]) switch
        {
            "s" => TimeSpan.FromSeconds(1),
            "m" or "min" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => throw reader.Expected(expected),
        };
        return int.TryParse(word.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var rate) && rate > 0
            ? limits with { Rate = rate, RatePeriod = period }
            : throw reader.Expected(expected);
    }

    private static string[] ParseTypes(HttpRuleReader reader)
    {
        const string expected = "media types such as application/json,text/plain";
        var types = reader.ReadList(expected);
        return Array.TrueForAll(types, type => type.Count(c => c == '/') == 1 && !type.Contains('*', StringComparison.Ordinal))
            ? types
            : throw reader.Expected(expected);
    }

    private static QueryRule ParseQuery(HttpRuleReader reader, QueryRule? before)
    {
        const string expected = "query keys such as page:int,state:open|closed, or '*'";
        var items = reader.ReadList(expected);
        if (items is ["*"])
        {
            return QueryRule.Any;
        }

        if (before is { IsAny: true })
        {
            throw reader.Expected("either 'query *' or a list of keys");
        }

        var keys = before is null
            ? new Dictionary<string, SlotRule>(StringComparer.Ordinal)
            : new Dictionary<string, SlotRule>(before.Keys, StringComparer.Ordinal);
        foreach (var item in items)
        {
            var colon = item.IndexOf(':', StringComparison.Ordinal);
            var key = colon < 0 ? item : item[..colon];
            var slot = colon < 0 ? SlotRule.Default : SlotRule.Parse(item.AsSpan(colon + 1));
            if (key.Length == 0 || key.Contains('*', StringComparison.Ordinal) || slot is null || !keys.TryAdd(key, slot))
            {
                throw reader.Expected(expected);
            }
        }

        return QueryRule.Of(keys);
    }

    private static HeaderRule ParseHeaders(HttpRuleReader reader)
    {
        const string expected = "header names such as X-Api-Version,X-Tenant, or '*'";
        var names = reader.ReadList(expected);
        if (names is ["*"])
        {
            return HeaderRule.Any;
        }

        foreach (var name in names)
        {
            if (!RequestHeaders.IsToken(name))
            {
                throw reader.Expected(expected);
            }

            if (RequestHeaders.IsForbidden(name))
            {
                throw reader.Expected($"no header that reroutes or reframes a request; '{name}' is always refused");
            }
        }

        return HeaderRule.Of(names);
    }

    private static void ParsePrivate(HttpRuleReader reader, HttpRuleDraft draft)
    {
        const string expected = "private networks such as 10.2.0.0/16";
        if (draft.Host.IsAny)
        {
            throw reader.Expected("a host name before 'private': '*' reaches public hosts only");
        }

        foreach (var item in reader.ReadList(expected))
        {
            if (!IPNetwork.TryParse(item, out var network) || !PrivateNetworks.CanOpen(network))
            {
                throw reader.Expected($"{expected}, inside 10/8, 172.16/12, 192.168/16, 127/8, ::1 or fc00::/7");
            }

            draft.PrivateNetworks.Add(network);
        }
    }

    private static void ParseInject(HttpRuleReader reader, HttpRuleDraft draft)
    {
        const string expected = "the name of a credential";
        if (draft.Host.IsAny)
        {
            throw reader.Expected("a host name before 'inject': a credential is never sent to '*'");
        }

        var name = reader.Read(expected);
        draft.CredentialBinding = RequestHeaders.IsToken(name) ? name : throw reader.Expected(expected);
    }
}
