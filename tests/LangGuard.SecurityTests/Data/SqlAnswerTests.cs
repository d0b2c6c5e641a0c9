using LangGuard.Conformance;
using Microsoft.Data.Sqlite;

namespace LangGuard.SecurityTests.Data;

public sealed class SqlAnswerTests
{
    private const string Two = "SELECT 'a' AS name, 1 AS n UNION ALL SELECT 'b', 1";
    private const string Turned = "SELECT 'b' AS name, 1 AS n UNION ALL SELECT 'a', 1";

    [Theory]
    [InlineData(Two, Two, true, true)]
    [InlineData(Two, Turned, false, true)]
    [InlineData(Two, Turned, true, true)]
    [InlineData("SELECT 'a' AS name UNION ALL SELECT 'b'", "SELECT 'b' AS name UNION ALL SELECT 'a'", true, false)]
    [InlineData("SELECT 'a' AS name, 1 AS n UNION ALL SELECT 'b', 2", "SELECT 'b' AS name, 2 AS n UNION ALL SELECT 'a', 1", true, false)]
    [InlineData(Two, "SELECT 'a' AS name, 1 AS n", true, false)]
    [InlineData(Two, "SELECT 'a' AS name, 1 AS n UNION ALL SELECT 'c', 1", false, false)]
    [InlineData(Two, "SELECT 'a' AS name, 1 AS m UNION ALL SELECT 'b', 1", true, false)]
    [InlineData("SELECT random() AS r", "SELECT random() AS r", true, true)]
    public void Rows_that_are_equal_in_their_order_may_change_places(string guarded, string unguarded, bool isOrdered, bool isSame) =>
        (SqlAnswer.Difference(() => Read(guarded, isOrdered), () => Read(unguarded, isOrdered)) is null).Should().Be(isSame);

    private static SqlAnswer Read(string sql, bool isOrdered)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        return SqlAnswer.Read(reader, isOrdered);
    }
}
