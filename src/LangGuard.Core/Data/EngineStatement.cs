namespace LangGuard.Data;

/// <summary>One inspected statement with the values of its parameters, as it was decided on.</summary>
/// <param name="Text">The text.</param>
/// <param name="Parameters">Names and values.</param>
/// <param name="Timeout">How long it may run.</param>
/// <param name="ChecksNewRows">Whether the last column of each returned row says if the new row is in scope; when one is not,
/// nothing may be changed.</param>
internal sealed record EngineStatement(
    string Text, IReadOnlyList<KeyValuePair<string, object?>> Parameters, TimeSpan Timeout, bool ChecksNewRows = false)
{
    /// <summary>What the inspector found. The wall of an engine stands without it too.</summary>
    internal SqlFacts? Facts { get; init; }

    /// <summary>Whether bounds of sizes were written into the text.</summary>
    internal bool HasBounds { get; init; }

    /// <summary>On whose behalf it runs, for an engine that filters rows itself.</summary>
    internal Principal? Principal { get; init; }

    /// <summary>Rows that a change may return.</summary>
    internal int MaxRows { get; init; } = int.MaxValue;

    /// <summary>Bytes that a change may return.</summary>
    internal long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>How many columns at the very end of what a change returns are the key of each row, for the guard alone.</summary>
    internal int KeyColumns { get; init; }

    /// <summary>Whether the change is taken back at once: only what it would do is of interest.</summary>
    internal bool IsTrial { get; init; }

    /// <summary>Whether the text is the guard's own, so that an engine's wall need not stand before it. Never anything that
    /// an agent wrote.</summary>
    internal bool IsOwn { get; init; }

    /// <summary>A last look at what a change did, before it is made to last: 0, or the number for why nothing may be
    /// changed.</summary>
    internal Func<EngineChange, int>? Verdict { get; init; }
}
