using LangGuard.Conformance;

namespace LangGuard.SecurityTests.Data;

/// <summary>Mutated corpus text, read by the inspector and by the engines: what the engine sees must be among the facts.</summary>
/// <remarks>The same for as long as one likes: <c>LangGuard.Conformance -- sql-fuzz</c>.</remarks>
public sealed class InspectorFuzzTests
{
    [Theory]
    [InlineData("sqlite", 20_000)]
    [InlineData("postgres", 20_000)]
    [InlineData("mysql", 20_000)]
    [InlineData("tsql", 60_000)]
    [InlineData("duckdb", 60_000)]
    public void Sees_whatever_the_engine_sees(string engine, int most)
    {
        var texts = 0;
        var result = SqlFuzz.Run(
            engine, PathOf("sql.jsonl"), PathOf("sql-schemas.json"), seed: 1, () => texts++ < most);

        result.Missed.Should().BeEmpty();
        result.Compared.Should().BeGreaterThan(most / 100, "otherwise nothing was compared");
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Corpora", file);
}
