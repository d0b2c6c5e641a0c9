using System.Reflection;
using System.Text;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Practices;

/// <summary>The page that leads from each statement of the practices to the test that proves its answer.</summary>
public sealed class PracticePageTests
{
    private static readonly string[] Tests = [.. Assembly.GetExecutingAssembly().GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public))
        .Where(method => method.GetCustomAttributes().Any(attribute => attribute is FactAttribute))
        .Select(method => $"{method.DeclaringType!.Name}.{method.Name}").Distinct()];

    [Fact]
    public void The_page_is_current()
    {
        var path = Configurations.RepositoryFile("docs", "practices.md");
        if (Environment.GetEnvironmentVariable("LANGGUARD_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, Page());
        }

        (File.ReadAllText(path) == Page()).Should().BeTrue("run this test with LANGGUARD_UPDATE_DOCS=1 to write it again");
    }

    [Fact]
    public void Every_proof_that_is_named_is_a_test() =>
        PracticeStatements.All.Select(statement => statement.Proof).OfType<string>().Except(Tests).Should().BeEmpty();

    [Fact]
    public void Every_practice_test_belongs_to_a_statement() =>
        Tests.Where(test => test.Contains(".Practice_", StringComparison.Ordinal))
            .Should().AllSatisfy(test => PracticeStatements.All.Should().Contain(statement => ProofsOf(statement).Contains(test)));

    private static string Page()
    {
        var proven = PracticeStatements.All.Count(statement => ProofsOf(statement).Any());
        var page = new StringBuilder($"""
            # Practices

            [LangChain's security policy](https://github.com/langchain-ai/langchain/security/policy) asks developers to limit permissions, to anticipate
            misuse and to defend in depth. Each of its statements stands here in our own words, with what answers it and the test that proves the answer.
            This page is made from the tests: {proven} of {PracticeStatements.All.Length} statements have one.

            | | Statement | Answer | Proof |
            |---|---|---|---|

            """);
        foreach (var statement in PracticeStatements.All)
        {
            var proofs = ProofsOf(statement).Select(proof => $"`{proof}`").ToArray();
            page.Append($"| {statement.Id} | {statement.Statement} | {statement.Capability} | {(proofs.Length == 0 ? "not built" : string.Join("<br>", proofs))} |\n");
        }

        return page.ToString();
    }

    private static IEnumerable<string> ProofsOf((string Id, string Statement, string Capability, string? Proof) statement) => Tests
        .Where(test => test.Contains(".Practice_", StringComparison.Ordinal) && test.Split('_').Contains(statement.Id))
        .Concat(statement.Proof is null ? [] : [statement.Proof])
        .Order(StringComparer.Ordinal);
}
