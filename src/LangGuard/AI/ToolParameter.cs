namespace LangGuard.AI;

/// <summary>One parameter of a tool of ours.</summary>
internal sealed record ToolParameter(
    string Name, ToolParameterKind Kind, string Description, bool IsRequired = true, int MaxLength = 1024);
