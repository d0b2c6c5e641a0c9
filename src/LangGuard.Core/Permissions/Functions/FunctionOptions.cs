namespace LangGuard.Permissions;

/// <summary>What an agent may pass to one function.</summary>
public sealed class FunctionOptions
{
}
