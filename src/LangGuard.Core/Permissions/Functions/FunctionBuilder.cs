namespace LangGuard.Permissions;

/// <summary>Says which arguments of a function an agent may pass.</summary>
public sealed class FunctionBuilder
{
    internal FunctionBuilder(FunctionOptions options) => Options = options;

    internal FunctionOptions Options { get; }
}
