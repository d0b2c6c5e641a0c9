using LangGuard.SecurityTests.Http;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>What huge files cost an agent. Alone in the process, because memory is counted for all of it.</summary>
[Collection(nameof(ResponseMemoryTests))]
public sealed class HugeFilesMemoryTests
{
    private const long Most = 64L << 20;

    [Fact]
    public async Task Files_that_are_too_large_are_never_taken_into_memory()
    {
        await using var world = await ScenarioWorld.CreateAsync(new HugeFiles());
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var run = await world.RunGuardedAsync(calls: HugeFiles.Reads);
        var guarded = GC.GetTotalAllocatedBytes(precise: true) - before;

        run.Answers.Should().HaveCount(HugeFiles.Reads);
        guarded.Should().BeLessThan(Most);

        before = GC.GetTotalAllocatedBytes(precise: true);
        (await File.ReadAllBytesAsync(world.At("work/large.bin"))).LongLength.Should().Be(HugeFiles.Large);
        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeGreaterThan(Most, "without the guard it is");
    }
}
