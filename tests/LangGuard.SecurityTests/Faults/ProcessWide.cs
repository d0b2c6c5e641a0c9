namespace LangGuard.SecurityTests.Faults;

/// <summary>Tests that count what the whole process holds; nothing else may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    internal const string Name = "counts of the whole process";
}
