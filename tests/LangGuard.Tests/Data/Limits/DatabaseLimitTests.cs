using System.Data.Common;
using System.Text.Json;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.Data.Limits;

/// <summary>How much a statement, a session and its children may take, on a real SQLite file.</summary>
public sealed class DatabaseLimitTests : IDisposable
{
    private readonly ShopFixture _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void A_reader_throws_at_a_value_that_is_too_large()
    {
        using var session = _shop.Session(db => db.Select("orders").Limit(limits => limits.MaxCellBytes = 100));
        Scalar(session, "SELECT printf('%.40c', 'x')").Should().Be(new string('x', 40));
        Rule(() => Scalar(session, "SELECT printf('%.60c', 'x')")).Should().Be("database.cell-limit");
    }

    [Fact]
    public void A_value_that_is_too_large_is_not_read_in_pieces()
    {
        using var session = _shop.Session(db => db.Select("orders").Limit(limits => limits.MaxCellBytes = 100));
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT CAST(printf('%.1000c', 'x') AS BLOB)";
        using var reader = command.ExecuteReader();
        reader.Read().Should().BeTrue();
        var piece = new byte[50];
        reader.GetBytes(0, 0, piece, 0, 50).Should().Be(50);
        reader.GetBytes(0, 50, piece, 0, 50).Should().Be(50);
        Rule(() => reader.GetBytes(0, 100, piece, 0, 50)).Should().Be("database.cell-limit");
        Rule(() => reader.GetBytes(0, 900, piece, 0, 50)).Should().Be("database.cell-limit");
        piece.Should().OnlyContain(part => part == 0, "what was denied does not stay in the caller's buffer");
    }

    [Fact]
    public void A_reader_that_is_read_on_after_a_limit_gives_nothing_more()
    {
        using var session = _shop.Session(db => db.Select("orders").Limit(limits => limits.MaxRows = 1));
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM orders ORDER BY id";
        using var reader = command.ExecuteReader();
        reader.Read().Should().BeTrue();
        reader.GetInt32(0).Should().Be(1);
        Rule(() => reader.Read()).Should().Be("database.row-limit");
        Rule(() => reader.GetInt32(0)).Should().Be("database.row-limit");
        Rule(() => reader.GetValue(0)).Should().Be("database.row-limit");
        Rule(() => reader.Read()).Should().Be("database.row-limit");
    }

    [Fact]
    public void Rows_of_a_session_are_shared_with_its_children_and_reserved_by_open_readers()
    {
        using var session = _shop.Session(db => db.Select("orders").Limit(limits => limits.SessionRows = 5));
        using var child = session.CreateChild(session.Policy);
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM orders";
        using (var reader = command.ExecuteReader())
        {
            // All five are reserved for the open reader.
            reader.Read().Should().BeTrue();
            Rule(() => Count(child)).Should().Be("database.session-rows");
        }

        // One was used; three are left after the next, which returns one row more than fits.
        Count(child).Should().Be(3);
        Rule(() => Count(session)).Should().Be("database.session-rows");
    }

    [Fact]
    public void A_session_and_its_children_share_connections()
    {
        using var session = _shop.Session(db => db.Select("orders").Limit(limits => limits.MaxConnections = 2));
        using var child = session.CreateChild(session.Policy);
        var first = session.Database("shop").OpenConnection();
        using var second = child.Database("shop").OpenConnection();
        Rule(() => child.Database("shop").OpenConnection()).Should().Be("database.connections");
        first.Dispose();
        child.Database("shop").OpenConnection().Dispose();
    }

    [Fact]
    public async Task A_tool_result_says_that_rows_or_values_were_left_out()
    {
        _shop.Run("UPDATE orders SET status = printf('%.500c', 'x') WHERE id = 2");
        using var session = _shop.Session(db => db
            .Select("orders").Limit(limits => (limits.MaxRows, limits.MaxCellBytes) = (2, 200)));
        var rows = await QueryToolAsync(session, "SELECT id FROM orders ORDER BY id");
        rows.GetProperty("rows").GetArrayLength().Should().Be(2);
        rows.GetProperty("truncated").GetBoolean().Should().BeTrue();

        var cells = await QueryToolAsync(session, "SELECT id, status FROM orders WHERE id < 3 ORDER BY id");
        cells.GetProperty("truncated").GetBoolean().Should().BeTrue();
        cells.GetProperty("rows")[0][1].GetString().Should().Contain("open");
        cells.GetProperty("rows")[1][0].GetInt32().Should().Be(2);
        cells.GetProperty("rows")[1][1].GetString().Should().Contain("too large").And.NotContain("xxx");

        var whole = await QueryToolAsync(session, "SELECT id FROM orders WHERE id < 3");
        whole.GetProperty("truncated").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public void A_mark_that_stands_for_hidden_text_is_not_written_as_a_parameter()
    {
        using var session = _shop.Session(db => db.Select("orders").Update("orders"));
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE orders SET status = @s WHERE id = 1";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@s", "[langguard redacted: key]");
        command.Parameters.Add(parameter);
        Rule(() => command.ExecuteNonQuery()).Should().Be("results.marker-in-write");
        parameter.Value = "paid";
        command.ExecuteNonQuery().Should().Be(1);
    }

    [Fact]
    public void Limits_have_to_be_positive()
    {
        foreach (var set in (Action<DatabaseLimitOptions>[])[
            limits => limits.MaxCellBytes = 0, limits => limits.MaxCost = 0, limits => limits.MaxCost = double.NaN,
            limits => limits.MaxEstimatedRows = -1, limits => limits.SessionRows = 0, limits => limits.SessionStatements = 0])
        {
            FluentActions.Invoking(() => _shop.Session(db => db.Select("orders").Limit(set)))
                .Should().Throw<PolicyValidationException>();
        }
    }

    private static async Task<JsonElement> QueryToolAsync(GuardSession session, string sql)
    {
        var tool = session.GetTools().Single(tool => tool.Name == "database_query");
        return (JsonElement)(await tool.InvokeAsync(new AIFunctionArguments { ["sql"] = sql }))!;
    }

    private static string Rule(Action act) =>
        FluentActions.Invoking(act).Should().Throw<DbAccessDeniedException>().Which.Decision.Reason!.Rule;

    private static object? Scalar(GuardSession session, string sql)
    {
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static int Count(GuardSession session)
    {
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM orders";
        using var reader = command.ExecuteReader();
        var rows = 0;
        while (reader.Read())
        {
            rows++;
        }

        return rows;
    }
}
