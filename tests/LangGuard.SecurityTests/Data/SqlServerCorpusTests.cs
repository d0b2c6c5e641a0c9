using LangGuard.Conformance;
using LangGuard.Testing;
using Xunit.Abstractions;

namespace LangGuard.SecurityTests.Data;

/// <summary>The corpus for SQL Server: decided by the policy and by two parsers, and run on a server where one is named.</summary>
public sealed class SqlServerCorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void Two_parsers_and_the_policy_decide_every_case_as_expected()
    {
        var corpus = new ParsedSqlCorpus(PathOf("sql-schemas.json"));
        var results = Cases().Select(corpus.Run).ToList();

        results.Should().HaveCount(781);
        results.Where(result => result.Fails).Should().BeEmpty();
        results.Count(result => result.Outcome == ConformanceOutcome.Inert).Should().BeLessThan(13, "an attack that no parser reads shows nothing");
    }

    [Fact]
    public void A_server_runs_every_case_as_expected_where_one_is_named()
    {
        if (Environment.GetEnvironmentVariable(SqlCorpus.SqlServerVariable) is null)
        {
            output.WriteLine($"No case ran on a server: {SqlCorpus.SqlServerVariable} names none.");
            return;
        }

        using var worlds = new SqlWorlds(PathOf("sql-schemas.json"));
        var corpus = new SqlCorpus(worlds) { HasControls = false };

        Cases().Select(test => corpus.Run(test, "tsql")).Where(result => result.Fails).Should().BeEmpty();
    }

    private static IEnumerable<SqlCase> Cases() =>
        SqlCase.Load(PathOf("sql.jsonl")).Concat(SqlCase.Load(PathOf("sql-more.jsonl"))).Where(test => test.IsFor("tsql"));

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Corpora", file);
}
