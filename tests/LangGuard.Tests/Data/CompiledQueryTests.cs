using System.Data.Common;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data;

/// <summary>A connection keeps the queries that it has compiled: what was authorized once must not outlive its reasons.</summary>
public sealed class CompiledQueryTests : IDisposable
{
    private readonly ShopFixture _shop = new();

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_engine_authorizes_a_compiled_query_again_when_the_schema_has_changed(bool isCompiled)
    {
        using var session = _shop.Session(db => db.Select("orders"));
        using (var before = session.Database("shop").OpenConnection())
        {
            Rows(before, isCompiled ? "SELECT id, status FROM orders" : "SELECT id FROM orders").Should().Be(3);
        }

        _shop.Run("DROP VIEW order_names; ALTER TABLE orders RENAME TO older; CREATE VIEW orders AS SELECT id, v AS status FROM secrets");
        using var connection = session.Database("shop").OpenConnection();
        var read = () => Rows(connection, "SELECT id, status FROM orders");
        read.Should().Throw<DbException>("the table of that name is gone, and nobody granted the one behind the view");
        _shop.Ask("SELECT status FROM orders").Should().Be("CANARY", "anybody else reads it");
    }

    [Fact]
    public void Runs_the_same_text_with_other_values_while_the_first_is_still_read()
    {
        using var session = _shop.Session(db => db.Select("orders"));
        using var one = session.Database("shop").OpenConnection();
        using var two = session.Database("shop").OpenConnection();
        for (var turn = 0; turn < 3; turn++)
        {
            using var first = Read(one, "SELECT id FROM orders WHERE id >= @least ORDER BY id", 2L);
            using var second = Read(two, "SELECT id FROM orders WHERE id >= @least ORDER BY id", "3");
            Rows(first).Should().Equal(2L, 3L);
            Rows(second).Should().Equal(3L);
        }
    }

    [Fact]
    public void A_value_serves_one_run_alone()
    {
        using var session = _shop.Session(db => db.Select("orders"));
        using var connection = session.Database("shop").OpenConnection();
        using (var reader = Read(connection, "SELECT id FROM orders WHERE id = @id", 2L))
        {
            Rows(reader).Should().Equal(2L);
        }

        var without = () => Rows(connection, "SELECT id FROM orders WHERE id = @id");
        without.Should().Throw<InvalidOperationException>().WithMessage("*no value*@id*");
        using var again = Read(connection, "SELECT id FROM orders WHERE id = @id", DBNull.Value);
        Rows(again).Should().BeEmpty();
    }

    private static DbDataReader Read(DbConnection connection, string sql, object value)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        var parameter = command.CreateParameter();
        parameter.ParameterName = sql[(sql.IndexOf('@') + 1)..].Split(' ')[0].Insert(0, "@");
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return command.ExecuteReader();
    }

    private static List<long> Rows(DbDataReader reader)
    {
        var rows = new List<long>();
        while (reader.Read())
        {
            rows.Add(reader.GetInt64(0));
        }

        return rows;
    }

    private static int Rows(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        return Rows(reader).Count;
    }
}
