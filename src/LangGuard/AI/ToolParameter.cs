namespace LangGuard.AI;

/// <summary>One parameter of a tool of ours.</summary>
internal sealed record ToolParameter(
    string Name, ToolParameterKind Kind, string Description, bool IsRequired = true, int MaxLength = 1024)
{
    /// <summary>Whether a model may give an object or array where a text is meant: its JSON is the text.</summary>
    internal bool TakesJson { get; init; }
}
