using LangGuard.Misuse;

namespace LangGuard;

/// <summary>Says what to watch for. Each layer adds its own method.</summary>
public sealed class MisuseBuilder
{
    internal MisuseBuilder(PolicyBuilder policy) => Policy = policy;

    internal PolicyBuilder Policy { get; }

    internal MisuseOptions Options => Policy.Options.AnticipateMisuse;
}
