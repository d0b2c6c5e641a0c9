namespace LangGuard.Benchmarks;

/// <summary>The queries of <see cref="DatabaseBenchmarks"/> in short batches that alternate.</summary>
internal static class DatabaseComparison
{
    public static int Run(int batches)
    {
        Console.WriteLine("| query | audit | plain | guarded | ratio | allocated more |");
        Console.WriteLine("|-------|-------|------:|--------:|------:|---------------:|");
        foreach (var engine in new[] { "sqlite", "postgres" })
        {
            foreach (var statement in new[] { "point", "report" })
            {
                using var benchmark = new DatabaseBenchmarks { Engine = engine, Statement = statement };
                benchmark.Setup();
                SideBySide.Compare($"{statement} query of {engine}", "none", batches, statement == "point" ? 50 : 3, () => benchmark.Plain(), () => benchmark.Guarded());
            }
        }

        return 0;
    }
}
