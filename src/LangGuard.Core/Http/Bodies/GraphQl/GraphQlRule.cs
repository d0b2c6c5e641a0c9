using System.Collections.Frozen;

namespace LangGuard.Http;

/// <summary>What a rule grants of a GraphQL endpoint.</summary>
internal sealed record GraphQlRule
{
    public const int DefaultDepth = 8;
    public const int DefaultAliases = 16;
    public const int DefaultFields = 1000;

    /// <summary>Root fields of queries; <c>*</c> for all.</summary>
    public FrozenSet<string> Queries { get; init; } = [];

    public FrozenSet<string> Mutations { get; init; } = [];

    public FrozenSet<string> Subscriptions { get; init; } = [];

    public int MaxDepth { get; init; } = DefaultDepth;

    public int MaxAliases { get; init; } = DefaultAliases;

    public int MaxFields { get; init; } = DefaultFields;

    public bool AllowsIntrospection { get; init; }

    /// <summary>SHA-256 of the documents that may be named instead of sent, in lower-case hex.</summary>
    public FrozenSet<string> PersistedHashes { get; init; } = [];

    public bool Grants(string kind, string rootField)
    {
        if (rootField == "__typename")
        {
            return true;
        }

        if (rootField is "__schema" or "__type")
        {
            return AllowsIntrospection && kind == "query";
        }

        var granted = kind switch
        {
            "query" => Queries,
            "mutation" => Mutations,
            "subscription" => Subscriptions,
            _ => [],
        };
        return granted.Contains(rootField) || (granted.Contains("*") && !rootField.StartsWith("__", StringComparison.Ordinal));
    }
}
