using System.Data.Common;
using Dapper;

namespace LangGuard.Tests.Data.Mappers;

/// <summary>Dapper over the decorator, on both engines.</summary>
public sealed class DapperTests(Workshop workshop) : IClassFixture<Workshop>
{
    private const string Insert = """
        INSERT INTO parts (name, price, weight, made, code, picture, active, size)
        VALUES (@Name, @Price, @Weight, @Made, @Code, @Picture, @Active, @Size)
        """;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Writes_and_reads_objects(string engine)
    {
        using var session = workshop.SessionForParts(engine);
        await using var connection = await session.Database("shop").OpenConnectionAsync();
        var name = $"dapper-{engine}";
        var id = await connection.ExecuteScalarAsync<int>($"{Insert} RETURNING id", Workshop.NewPart(name));
        id.Should().BePositive();
        (await connection.ExecuteAsync(Insert, new[] { Workshop.NewPart(name), Workshop.NewPart(name) })).Should().Be(2);

        var rows = (await connection.QueryAsync<(int Id, string Name, double? Weight)>(
            "SELECT id, name, weight FROM parts WHERE name = @name AND active = @active ORDER BY id",
            new { name, active = true })).AsList();
        rows.Should().HaveCount(3);
        rows[0].Should().Be((id, name, 0.25));
        connection.Query<long>("SELECT count(*) FROM parts WHERE id IN @ids", new { ids = rows.Select(row => row.Id) })
            .Single().Should().Be(3);
        connection.QuerySingleOrDefault<string>("SELECT name FROM parts WHERE id = @id", new { id = -1 }).Should().BeNull();
        connection.Execute("UPDATE parts SET weight = @none WHERE name = @name", new { none = (double?)null, name }).Should().Be(3);
        connection.Execute("DELETE FROM parts WHERE name = @name", new { name }).Should().Be(3);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void Keeps_a_transaction(string engine)
    {
        using var session = workshop.SessionForParts(engine);
        using var connection = session.Database("shop").OpenConnection();
        var name = $"transaction-{engine}";
        using (var transaction = connection.BeginTransaction())
        {
            connection.Execute(Insert, Workshop.NewPart(name), transaction);
            connection.QuerySingle<long>("SELECT count(*) FROM parts WHERE name = @name", new { name }, transaction).Should().Be(1);
            transaction.Rollback();
        }

        connection.QuerySingle<long>("SELECT count(*) FROM parts WHERE name = @name", new { name }).Should().Be(0);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public void A_denied_statement_is_denied_here_too(string engine)
    {
        using var session = workshop.SessionForParts(engine);
        using var connection = session.Database("shop").OpenConnection();
        connection.Invoking(c => c.Query("SELECT * FROM secrets")).Should().Throw<DbAccessDeniedException>();
        connection.Invoking(c => c.Execute("DROP TABLE parts")).Should().Throw<DbAccessDeniedException>();
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_batch_runs_all_or_nothing(string engine)
    {
        using var session = workshop.SessionForParts(engine);
        await using var connection = await session.Database("shop").OpenConnectionAsync();
        const string Row = "INSERT INTO parts (name, price, made, code, active, size) VALUES ('batch', '1', '2026-01-02', "
            + "'0d3ecf56-0d13-4f6b-9d2c-7f6f3c7f1a11', {0}, 1)";
        var insert = string.Format(Row, engine == "sqlite" ? "1" : "true");
        await using (var batch = Batch(connection, insert, "SELECT count(*) FROM parts WHERE name = 'batch'", insert + " RETURNING name"))
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            reader.RecordsAffected.Should().Be(2);
            (await reader.ReadAsync()).Should().BeTrue();
            reader.GetInt64(0).Should().Be(1);
            (await reader.NextResultAsync()).Should().BeTrue();
            (await reader.ReadAsync()).Should().BeTrue();
            reader.GetString(0).Should().Be("batch");
            (await reader.NextResultAsync()).Should().BeFalse();
        }

        await using (var denied = Batch(connection, insert, "SELECT v FROM secrets"))
        {
            await denied.Invoking(b => b.ExecuteNonQueryAsync()).Should().ThrowAsync<DbAccessDeniedException>();
        }

        await using (var failing = Batch(connection, insert, "INSERT INTO parts (id) VALUES (1000)"))
        {
            await failing.Invoking(b => b.ExecuteNonQueryAsync()).Should().ThrowAsync<DbException>();
        }

        workshop.Ask(engine, "SELECT count(*) FROM parts WHERE name = 'batch'").Should().Be(2L);
    }

    private static DbBatch Batch(DbConnection connection, params string[] statements)
    {
        var batch = connection.CreateBatch();
        foreach (var statement in statements)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = statement;
            batch.BatchCommands.Add(command);
        }

        return batch;
    }
}
