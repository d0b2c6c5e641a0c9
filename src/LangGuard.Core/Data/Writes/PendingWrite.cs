namespace LangGuard.Data;

/// <summary>A previewed change that may be committed: who may, the statement, and the very rows.</summary>
internal sealed class PendingWrite
{
    internal required string Token { get; init; }

    /// <summary>The session that previewed it.</summary>
    internal required string Owner { get; init; }

    internal required string Database { get; init; }

    internal required string Text { get; init; }

    internal required IReadOnlyList<KeyValuePair<string, object?>> Parameters { get; init; }

    internal required int Affected { get; init; }

    /// <summary>The keys of the rows that exist and are touched; empty where there are only new rows.</summary>
    internal required IReadOnlyList<object?[]> Keys { get; init; }

    /// <summary>What is compared of those rows.</summary>
    internal required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The hash of those rows as they were.</summary>
    internal required string Before { get; init; }

    internal required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether a commit is going on.</summary>
    internal bool IsTaken { get; set; }
}
