using System.Collections.Frozen;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Reads <c>graphql query:viewer,repository mutation:addStar depth 8 aliases 4 fields 200 no-introspection</c>.</summary>
internal static class GraphQlClauses
{
    private const string Fields = "root fields such as query:viewer,repository";

    public static GraphQlBodyRule Parse(HttpRuleReader reader)
    {
        var rule = new GraphQlRule();
        while (reader.Peek() is { } word)
        {
            if (TryFields(word, rule) is { } next)
            {
                reader.Read(Fields);
                rule = next;
                continue;
            }

            if (word is not ("depth" or "aliases" or "fields" or "persisted" or "introspection" or "no-introspection"))
            {
                break;
            }

            reader.Read(Fields);
            rule = word switch
            {
                "depth" => rule with { MaxDepth = reader.ReadCount("a depth") },
                "aliases" => rule with { MaxAliases = reader.ReadCount("a number of aliases") },
                "fields" => rule with { MaxFields = reader.ReadCount("a number of fields") },
                "persisted" => rule with { PersistedHashes = ReadHashes(reader) },
                "introspection" => rule with { AllowsIntrospection = true },
                _ => rule with { AllowsIntrospection = false },
            };
        }

        return rule.Queries.Count + rule.Mutations.Count + rule.Subscriptions.Count + rule.PersistedHashes.Count > 0
            ? new GraphQlBodyRule(rule)
            : throw reader.Expected(Fields);
    }

    private static GraphQlRule? TryFields(string word, GraphQlRule rule)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        var names = colon < 0 ? [] : word[(colon + 1)..].Split(',');
        if (names.Length == 0 || !Array.TrueForAll(names, IsName))
        {
            return null;
        }

        var fields = names.ToFrozenSet(StringComparer.Ordinal);
        return word[..colon] switch
        {
            "query" => rule with { Queries = [.. rule.Queries, .. fields] },
            "mutation" => rule with { Mutations = [.. rule.Mutations, .. fields] },
            "subscription" => rule with { Subscriptions = [.. rule.Subscriptions, .. fields] },
            _ => null,
        };
    }

    private static bool IsName(string name) =>
        name == "*" || (name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.StartsWith("__", StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'));

    private static FrozenSet<string> ReadHashes(HttpRuleReader reader)
    {
        const string expected = "SHA-256 hashes in lower-case hex";
        var hashes = reader.ReadList(expected);
        return Array.TrueForAll(hashes, hash => hash.Length == 64 && hash.All(c => char.IsAsciiHexDigitLower(c)))
            ? hashes.ToFrozenSet(StringComparer.Ordinal)
            : throw reader.Expected(expected);
    }
}
