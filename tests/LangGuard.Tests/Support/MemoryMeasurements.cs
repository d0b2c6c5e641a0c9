namespace LangGuard.Tests.Support;

/// <summary>Tests that measure the heap of the whole process, which other tests must not fill at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryMeasurements
{
    public const string Name = "Memory measurements";
}
