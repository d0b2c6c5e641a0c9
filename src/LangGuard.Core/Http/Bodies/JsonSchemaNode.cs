using System.Collections.Frozen;

namespace LangGuard.Http;

/// <summary>What one place in a JSON body may hold. Nodes form a graph: a schema may refer to itself.</summary>
internal sealed class JsonSchemaNode
{
    /// <summary>Why a value here is refused; made once, from the schema alone.</summary>
    public Reason Failure { get; set; } = BodyReasons.Json;

    public JsonTypes Types { get; set; } = JsonTypes.Any;

    /// <summary>Whether anything well-formed is granted.</summary>
    public bool IsAny { get; set; }

    /// <summary>Declared keys, with the index under which each is ticked off.</summary>
    public FrozenDictionary<string, (JsonSchemaNode Node, int Index)> Properties { get; private set; } =
        FrozenDictionary<string, (JsonSchemaNode, int)>.Empty;

    public FrozenDictionary<string, (JsonSchemaNode Node, int Index)>.AlternateLookup<ReadOnlySpan<char>> PropertyLookup
    {
        get;
        private set;
    } = FrozenDictionary<string, (JsonSchemaNode, int)>.Empty.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The declared keys in the form in which those that a server may take for the same are equal.</summary>
    public FrozenSet<string> FoldedNames { get; private set; } = [];

    /// <summary>Indexes of the keys that must be there.</summary>
    public int[] Required { get; set; } = [];

    /// <summary>What undeclared keys may hold; null when there may be none.</summary>
    public JsonSchemaNode? Additional { get; set; }

    public int MinProperties { get; set; }

    public int MaxProperties { get; set; } = int.MaxValue;

    public JsonSchemaNode? Items { get; set; }

    public int MinItems { get; set; }

    public int MaxItems { get; set; } = int.MaxValue;

    public int MinLength { get; set; }

    public int MaxLength { get; set; } = int.MaxValue;

    public JsonPattern? Pattern { get; set; }

    public string? Format { get; set; }

    public byte[]? Minimum { get; set; }

    public byte[]? Maximum { get; set; }

    public bool ExcludesMinimum { get; set; }

    public bool ExcludesMaximum { get; set; }

    /// <summary>The kinds of value that the listed choices are of, or null when no choices are listed.</summary>
    public JsonTypes? Choices { get; set; }

    /// <summary>The only strings granted, or null for any.</summary>
    public FrozenSet<string>? Strings { get; private set; }

    public FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StringLookup { get; private set; }

    /// <summary>The only numbers granted, or null for any.</summary>
    public byte[][]? Numbers { get; set; }

    /// <summary>The only truth value granted, or null for both.</summary>
    public bool? Boolean { get; set; }

    public void SetProperties(Dictionary<string, (JsonSchemaNode Node, int Index)> properties)
    {
        Properties = properties.ToFrozenDictionary(StringComparer.Ordinal);
        PropertyLookup = Properties.GetAlternateLookup<ReadOnlySpan<char>>();
        FoldedNames = properties.Keys.Select(name => JsonKeys.Fold(name)).ToFrozenSet(StringComparer.Ordinal);
    }

    public void SetStrings(IEnumerable<string> strings)
    {
        Strings = strings.ToFrozenSet(StringComparer.Ordinal);
        StringLookup = Strings.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
