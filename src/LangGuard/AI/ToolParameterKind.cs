namespace LangGuard.AI;

/// <summary>What a parameter of a tool holds.</summary>
internal enum ToolParameterKind
{
    Text = 0,
    Number,
    Flag,

    /// <summary>An object of texts.</summary>
    Texts,

    /// <summary>An object of texts, numbers, flags and nulls.</summary>
    Scalars,
}
