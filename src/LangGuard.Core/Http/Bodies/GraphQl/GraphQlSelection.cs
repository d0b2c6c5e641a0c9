namespace LangGuard.Http;

/// <summary>What stands between one pair of braces.</summary>
internal sealed class GraphQlSelection
{
    public List<(string Name, bool IsAliased, GraphQlSelection? Fields)> Fields { get; } = [];

    public List<string> Spreads { get; } = [];

    public List<GraphQlSelection> Inline { get; } = [];

    public bool IsEmpty => Fields.Count == 0 && Spreads.Count == 0 && Inline.Count == 0;

    /// <summary>The deepest nesting, with spreads in place.</summary>
    public long Depth { get; set; }

    /// <summary>Every field, with spreads in place: a fragment that is spread ten times counts ten times.</summary>
    public long FieldCount { get; set; }

    public long AliasCount { get; set; }
}
