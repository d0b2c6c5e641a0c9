using LangGuard.Data;
using LangGuard.SqlServer;
using LangGuard.Tests.Data.Sql;

namespace LangGuard.Tests.Data;

/// <summary>Microsoft's parser as a second wall: what it reads otherwise than the inspector does not run.</summary>
public sealed class SqlServerSecondOpinionTests
{
    /// <summary>What an inspector that was wrong would have said, and the text.</summary>
    public static TheoryData<string, string, string> Differences => new()
    {
        { "SELECT 1", "SELECT 1 DELETE FROM orders", "it is not one statement" },
        { "SELECT 1", "SELECT 1; SELECT 2", "it is not one statement" },
        { "SELECT 1", "SELECT 1\nGO\nSELECT 2", "it is not one statement" },
        { "SELECT 1", "SELECT (1", "it can not be read" },
        { "SELECT 1", "EXEC sp_who", "it is neither a query nor a change of rows" },
        { "SELECT 1", "SELECT 1 AS x INTO y", "it is neither a query nor a change of rows" },
        { "SELECT 1", "DROP TABLE orders", "it is neither a query nor a change of rows" },
        { "SELECT 1", "MERGE orders AS t USING orders AS s ON t.id = s.id WHEN MATCHED THEN DELETE;", "it is neither a query nor a change of rows" },
        { "SELECT 1", "DELETE FROM orders", "it is another kind of statement" },
        { "SELECT id FROM orders", "SELECT id FROM orders, api_keys", "it uses other tables" },
        { "SELECT id FROM orders", "SELECT id FROM api_keys", "it uses other tables" },
        { "SELECT id FROM orders, api_keys", "SELECT id FROM orders", "it uses other tables" },
        { "SELECT id FROM orders", "SELECT id FROM sales.orders", "it uses other tables" },
        { "SELECT id FROM orders", "SELECT id FROM shop.dbo.orders", "it leaves the database" },
        { "SELECT id FROM orders", "SELECT id FROM s.shop.dbo.orders", "it leaves the database" },
        { "SELECT id FROM orders", "SELECT id FROM shop.dbo.f()", "it leaves the database" },
        { "SELECT id FROM orders", "SELECT id FROM OPENROWSET(BULK 'x', SINGLE_CLOB) x", "it reads something that is no table" },
        { "SELECT id FROM orders", "SELECT id FROM OPENQUERY(s, 'SELECT 1')", "it reads something that is no table" },
        { "SELECT id FROM orders", "SELECT id FROM OPENDATASOURCE('a', 'b').c.d.e", "it reads something that is no table" },
        { "SELECT id FROM orders", "SELECT id FROM orders FOR SYSTEM_TIME ALL", "it reads the history of a table" },
        { "SELECT id FROM orders", "SELECT id FROM @t", "it reads something that is no table" },
        { "SELECT id FROM orders", "SELECT id FROM orders FOR XML AUTO", "its result is XML" },
        { "SELECT id FROM orders", "SELECT $IDENTITY FROM orders", "it uses a column without its name" },
        { "SELECT id FROM orders", "SELECT @@VERSION FROM orders", "it asks the server about itself" },
        { "SELECT id FROM orders", "SELECT @a = id FROM orders", "it sets a variable" },
        { "SELECT id FROM orders", "SELECT NEXT VALUE FOR dbo.s FROM orders", "it uses a sequence" },
        { "SELECT id FROM orders", "SELECT DB_NAME() FROM orders", "it calls other functions" },
        { "SELECT id FROM orders", "SELECT id FROM orders WHERE id = @id", "it uses other parameters" },
        { "UPDATE orders SET note = 'x' WHERE id = 1", "UPDATE o SET note = 'x' FROM orders p, api_keys o", "it uses other tables" },
        { "UPDATE orders SET note = 'x' WHERE id = 1", "UPDATE api_keys SET v = 'x' WHERE id = 1", "it uses other tables" },
        { "DELETE o FROM orders o JOIN api_keys k ON k.id = o.id", "DELETE k FROM orders o JOIN api_keys k ON k.id = o.id", "it changes other tables" },
        { "UPDATE orders SET note = 'x' WHERE id = 1", "UPDATE orders SET note = 'x' OUTPUT inserted.id INTO orders WHERE id = 1", "it writes to another table" },
        { "INSERT orders (id) VALUES (1)", "INSERT orders (id) EXEC sp_who", "it runs a procedure" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void Says_what_the_inspector_would_have_missed(string inspected, string sql, string difference)
    {
        SecondOpinion.Disagreement(inspected, SqlShop.Facts(inspected, SqlDialect.TSql), "dbo").Should().BeNull("otherwise nothing is shown");

        SecondOpinion.Disagreement(sql, SqlInspector.Inspect(inspected.AsSpan(), SqlDialect.TSql, SqlShop.TSql).Facts!, "dbo").Should().Be(difference);
    }

    [Theory]
    [MemberData(nameof(TSqlAnalyticsTests.Queries), MemberType = typeof(TSqlAnalyticsTests))]
    public void Agrees_on_what_analysts_write(string sql)
    {
        var facts = SqlShop.Facts(sql, SqlDialect.TSql);

        SecondOpinion.Disagreement(sql[..facts.End], facts, "dbo").Should().BeNull();
    }

    [Fact]
    public void Reads_most_of_the_attacks_that_the_inspector_refuses()
    {
        var real = TSqlEvasionTests.Refused.Cast<object[]>().Count(row => SecondOpinion.Parse((string)row[0], "dbo").Refusal != SecondOpinion.Unreadable);

        real.Should().BeGreaterThan(100, "what no parser reads is no attack");
    }

    [Theory]
    [InlineData("SELECT id, note AS x FROM orders", true)]
    [InlineData("WITH a AS (SELECT id FROM orders) SELECT id FROM a", true)]
    [InlineData("SELECT id FROM orders UNION ALL SELECT id FROM reviews", true)]
    [InlineData("SELECT id FROM orders -- last", true)]
    [InlineData("SELECT id FROM orders ORDER BY id", false)]
    [InlineData("SELECT TOP 1 id FROM orders ORDER BY id", false)]
    [InlineData("SELECT COUNT(*) FROM orders", false)]
    [InlineData("SELECT id, id FROM orders", false)]
    [InlineData("SELECT * FROM orders", false)]
    [InlineData("SELECT id FROM orders FOR JSON PATH", false)]
    [InlineData("SELECT id FROM orders OPTION (RECOMPILE)", false)]
    public void Makes_a_query_a_part_of_another_where_that_changes_nothing(string sql, bool isWrapped)
    {
        var facts = SqlShop.Facts(sql, SqlDialect.TSql);
        var text = DerivedTable.Wrap(sql[..facts.End], SecondOpinion.Parse(sql[..facts.End], "dbo").Body);

        text.Contains(") AS langguard", StringComparison.Ordinal).Should().Be(isWrapped);
        SecondOpinion.Parse(text, "dbo").Should().BeEquivalentTo(
            SecondOpinion.Parse(sql, "dbo"), options => options.Excluding(parsed => parsed.Body));
    }
}
