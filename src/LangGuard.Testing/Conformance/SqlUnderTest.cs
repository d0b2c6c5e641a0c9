using System.Data.Common;
using LangGuard.Data;

#pragma warning disable RS0030 // A folder of its own, made and removed without a guard.

namespace LangGuard.Testing.Conformance;

/// <summary>A database of somebody's policy, with a copy in its place where the engine makes one.</summary>
internal sealed class SqlUnderTest : IDisposable
{
    private readonly Action<PolicyBuilder> _configure;
    private readonly string _database;
    private readonly DatabaseEngine _original;
    private readonly string _folder;

    public SqlUnderTest(Action<PolicyBuilder> configure, string database, DbDataSource? owner)
    {
        (_configure, _database) = (configure, database);
        DatabaseEngine? engine = null;
        var policy = PolicyUnderTest.Build(configure, guard =>
        {
            var databases = guard.Options.LimitPermissions.Database;
            if (!databases.ContainsKey(database))
            {
                throw new ArgumentException(
                    $"The policy has no database '{database}'; it has {string.Join(", ", databases.Keys.Order(StringComparer.Ordinal))}.");
            }

            engine = guard.Collect<DatabaseEngines>().Find(database);
        });
        _original = engine
            ?? throw new ArgumentException($"The database '{database}' has no source. Name one, for instance with UseSqlite(path).");
        _folder = Directory.CreateTempSubdirectory("langguard-sql-").FullName;
        World = new SqlWorld(_original, owner, _folder);
        Control = World.IsOwn ? new SqlWorld(_original, owner: null, _folder) : null;
        Subject = new SqlSubject(policy.Options.LimitPermissions.Database[database], World.Engine.Schema, Path.Combine(_folder, "conformance.db"));
        using var connection = World.Connect();
        Principal = SqlConfinement.Choose(Subject, connection);
        Cases = [.. All(connection).Select((test, index) => test with { Id = $"sql-{index + 1:0000}" })];
    }

    public SqlWorld World { get; }

    /// <summary>Where the same texts run without a guard; null where there is no copy to be had.</summary>
    public SqlWorld? Control { get; }

    public SqlSubject Subject { get; }

    public Principal Principal { get; }

    public IReadOnlyList<SqlCase> Cases { get; }

    /// <summary>Runs a text as the agent would, in a session and a policy of its own.</summary>
    public SqlRun RunGuarded(string text)
    {
        var policy = PolicyUnderTest.Build(_configure, guard =>
        {
            var replaced = guard.Collect<DatabaseEngines>().Replace(_database, World.Engine);
            if (!ReferenceEquals(replaced, World.Engine))
            {
                replaced?.Dispose();
            }
        });
        using var session = GuardSession.Create(policy, Principal);
        using var connection = session.Database(_database).OpenConnection();
        return SqlRun.Of(connection, text, int.MaxValue);
    }

    public void Dispose()
    {
        World.Dispose();
        Control?.Dispose();
        _original.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<SqlCase> All(DbConnection? owner) =>
        SqlTableAttacks.Of(Subject)
            .Concat(SqlColumnAttacks.Of(Subject))
            .Concat(SqlSchemaAttacks.Of(Subject))
            .Concat(SqlEngineAttacks.Of(Subject))
            .Concat(new SqlConfinement(Subject, Principal).Cases(owner))
            .Concat(SqlHonest.Of(Subject));
}
