namespace LangGuard;

/// <summary>Says which further walls stand. Each wall adds its own method.</summary>
public sealed class DefenseBuilder
{
    internal DefenseBuilder(PolicyBuilder policy) => Policy = policy;

    internal PolicyBuilder Policy { get; }

    internal DefenseOptions Options => Policy.Options.DefendInDepth;
}
