namespace LangGuard.Tests.Data;

/// <summary>Objects of the database's own that run code without looking like a call.</summary>
public sealed class PostgreSqlOwnObjectTests : IDisposable
{
    private readonly PostgreSqlShop _shop = new();

    public PostgreSqlOwnObjectTests() => _shop.Run("""
        CREATE FUNCTION leak(int, int) RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT v FROM secrets LIMIT 1';
        CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = leak);
        CREATE FUNCTION spoken(customers) RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT v FROM secrets LIMIT 1';
        CREATE FUNCTION lower(int) RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT v FROM secrets LIMIT 1';
        CREATE AGGREGATE gather(int) (SFUNC = int4pl, STYPE = int);
        """);

    [Theory]
    [InlineData("SELECT 1 === 2")]
    [InlineData("SELECT 1 OPERATOR(public.===) 2")]
    [InlineData("SELECT id FROM orders WHERE 1 === 2 IS NOT NULL")]
    [InlineData("SELECT c.spoken FROM customers c")]
    [InlineData("SELECT (c).spoken FROM customers c")]
    [InlineData("SELECT spoken(c) FROM customers c")]
    [InlineData("SELECT lower(1)")]
    [InlineData("SELECT gather(id) FROM orders")]
    [InlineData("SELECT 'secrets'::regclass")]
    [InlineData("SELECT CAST('peek' AS regproc)")]
    [InlineData("SELECT peek() FROM orders")]
    [InlineData("SELECT \"peek\"()")]
    [InlineData("SELECT U&\"pe\\0065k\"()")]
    [InlineData("SELECT public . peek ( )")]
    [InlineData("SELECT * FROM peek()")]
    [InlineData("SELECT id FROM orders ORDER BY peek()")]
    [InlineData("SELECT count(*) FILTER (WHERE peek() IS NOT NULL) FROM orders")]
    [InlineData("SELECT id FROM orders LIMIT length(peek())")]
    [InlineData("VALUES (peek())")]
    public void Are_not_run_unless_the_policy_names_them(string sql)
    {
        using var session = _shop.Session(db => db.Select("orders", "customers"));
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;

        command.Invoking(c => c.ExecuteScalar()).Should().Throw<DbAccessDeniedException>();
    }

    public void Dispose() => _shop.Dispose();
}
