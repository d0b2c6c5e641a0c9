using System.Data.Common;
using LangGuard.Testing.Conformance;

namespace LangGuard.Testing;

/// <content>The attacks on databases.</content>
public static partial class PolicyConformance
{
    /// <summary>Attacks a database with statements made for its tables and for what the policy grants of them: tables, columns,
    /// rows and verbs that are not granted, schema changes, second statements, catalogs, files, settings. None may run or
    /// change anything; honest statements on what is granted must return what they do without a guard.</summary>
    /// <remarks>
    /// A SQLite file is copied: the original is only read. Behind a server the statements go to the very database that the
    /// policy names: let it name one for tests. A statement that is meant to be denied can destroy what is in it where a guard is broken.
    /// </remarks>
    /// <param name="policy">What the host says to the builder.</param>
    /// <param name="database">The name of the database in the policy, which also names its source.</param>
    /// <param name="owner">For a database behind a server: a login that sees all of it. It tells which rows are others', what an honest
    /// statement returns without a guard, and whether rows were lost or added. Null: only what is denied and what runs is judged.</param>
    /// <param name="cancellationToken">Stops between two statements.</param>
    /// <exception cref="ArgumentException">The policy has no such database, or gives it no source.</exception>
    /// <exception cref="PolicyValidationException">The policy has errors.</exception>
    public static Task<ConformanceReport> SqlAsync(
        Action<PolicyBuilder> policy, string database, DbDataSource? owner = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentException.ThrowIfNullOrWhiteSpace(database);
        return Task.Run(() => RunSql(policy, database, owner, cancellationToken), cancellationToken);
    }

    private static ConformanceReport RunSql(
        Action<PolicyBuilder> policy, string database, DbDataSource? owner, CancellationToken cancellationToken)
    {
        using var tested = new SqlUnderTest(policy, database, owner);
        var corpus = new SqlCorpus(tested);
        var before = tested.World.Count(tested.Subject);
        var results = new List<ConformanceResult>();
        foreach (var test in tested.Cases)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(corpus.Run(test));
        }

        if (before is not null)
        {
            var isSame = tested.World.Count(tested.Subject) == before;
            results.Add(new ConformanceResult(
                "sql-rows", isSame ? ConformanceOutcome.Passed : ConformanceOutcome.Bypass,
                isSame ? "every table has as many rows as before" : "rows were lost or added while every statement was denied")
            {
                Technique = "rows at the end", IsAttack = true,
            });
        }

        return new ConformanceReport($"SQL '{database}'", results);
    }
}
