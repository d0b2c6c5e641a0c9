using LangGuard.Data;

namespace LangGuard.Tests.Data.Sql;

/// <summary>What analysts write for SQL Server.</summary>
public sealed class TSqlAnalyticsTests
{
    public static TheoryData<string> Queries =>
    [
        "SELECT TOP 10 id FROM orders",
        "SELECT DISTINCT TOP (10) PERCENT WITH TIES id FROM orders ORDER BY id;",
        "SELECT id, SUM(total) OVER (PARTITION BY customer_id ORDER BY created_at ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS running FROM orders",
        "SELECT YEAR(created_at) y, MONTH(created_at) m, SUM(total) s FROM orders GROUP BY YEAR(created_at), MONTH(created_at) ORDER BY y, m",
        "SELECT DATETRUNC(month, created_at) AS m, COUNT(*) AS n FROM dbo.orders GROUP BY DATETRUNC(month, created_at)",
        "SELECT EOMONTH(created_at), DATEFROMPARTS(2024, 1, 1), GETDATE() FROM orders",
        "SELECT DATEPART(weekday, created_at), @@DATEFIRST FROM orders",
        "SELECT status, COUNT(*) FROM orders GROUP BY CUBE (status, customer_id) HAVING COUNT(*) > 1",
        "SELECT status, COUNT(*) FROM orders GROUP BY status WITH ROLLUP",
        "SELECT c.name, o.n FROM customers c OUTER APPLY (SELECT COUNT(*) AS n FROM orders o WHERE o.customer_id = c.id) o",
        "SELECT j.[key], j.value FROM events CROSS APPLY OPENJSON(props) AS j",
        "SELECT j.page, j.tags FROM events e CROSS APPLY OPENJSON(e.props, '$.a') WITH (page nvarchar(100) '$.page', tags nvarchar(max) AS JSON) AS j",
        "SELECT s.value FROM products CROSS APPLY STRING_SPLIT(name, ' ', 1) AS s ORDER BY s.ordinal",
        "SELECT value FROM GENERATE_SERIES(1, 10)",
        "SELECT d.a, d.b FROM (VALUES (1, 'x'), (2, 'y')) AS d(a, b)",
        "SELECT name = UPPER(name), [full] = CONCAT(name, ' ', city) FROM customers",
        "SELECT name AS 'customer name', city AS [where] FROM customers",
        "SELECT N'caf\u00E9' AS x, 0xFF AS y, 1.5e3 AS z, $12.50 AS m, .5 AS h",
        "SELECT * FROM orders o LEFT OUTER JOIN customers AS c ON c.id = o.customer_id AND c.country = N'DE' WHERE o.total BETWEEN 1 AND 10",
        "SELECT * FROM (orders o INNER JOIN customers c ON c.id = o.customer_id) CROSS JOIN categories",
        "SELECT id FROM orders WHERE status IN ('a', 'b') AND note NOT LIKE '%x[0-9]%' ESCAPE '\\' AND NOT (total IS NULL)",
        "SELECT id FROM orders WHERE total > ALL (SELECT price FROM products) OR total = ANY (SELECT price FROM products)",
        "SELECT id FROM orders WHERE id = @id AND status = @status",
        "WITH a AS (SELECT id FROM orders), b (x) AS (SELECT id FROM a) SELECT x FROM b OPTION (MAXRECURSION 100, RECOMPILE)",
        "SELECT COALESCE(note, ''), NULLIF(status, ''), ISNULL(note, 'x'), CAST(total AS decimal(12, 2)), CONVERT(varchar(10), created_at, 120) FROM orders",
        "SELECT FIRST_VALUE(name) IGNORE NULLS OVER (ORDER BY id), LEFT(name, 1), RIGHT(name, 1), REPLACE(name, 'a', 'b'), TRIM(BOTH 'x' FROM name) FROM products",
        "SELECT p.* FROM (SELECT status, total FROM orders) s PIVOT (AVG(total) FOR status IN ([paid], shipped)) AS p",
        "SELECT id, attr, val FROM (SELECT id, name, city FROM customers) s UNPIVOT (val FOR attr IN (name, city)) AS u",
        "SELECT id FROM orders EXCEPT SELECT order_id FROM order_items INTERSECT SELECT id FROM reviews ORDER BY id OFFSET 1 ROW FETCH FIRST 3 ROWS ONLY",
        "SELECT created_at AT TIME ZONE 'UTC' AT TIME ZONE 'Central European Standard Time' FROM orders",
        "SELECT id FROM orders ORDER BY CASE WHEN status = 'paid' THEN 0 ELSE 1 END, id COLLATE Latin1_General_BIN2 DESC",
        "SELECT name, body FROM products p JOIN reviews r ON r.product_id = p.id FOR JSON PATH, ROOT('x'), INCLUDE_NULL_VALUES",
        "SELECT c.name, (SELECT o.id, o.total FROM orders o WHERE o.customer_id = c.id FOR JSON PATH) AS orders FROM customers c",
        "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY total) OVER (PARTITION BY status) FROM orders",
        "SELECT APPROX_COUNT_DISTINCT(customer_id), STDEV(total), COUNT_BIG(*) FROM orders WITH (NOLOCK)",
        "SELECT JSON_VALUE(props, '$.a'), JSON_OBJECT('n': name NULL ON NULL), ISJSON(props) FROM events",
        "SELECT id FROM orders TABLESAMPLE (10 PERCENT) REPEATABLE (1)",
        "SELECT id -- trailing\nFROM orders /* block /* nested */ */ WHERE note = '-- not a comment; DELETE FROM orders'",
        "SELECT HASHBYTES('SHA2_256', name), NEWID(), QUOTENAME(name, ']') FROM products",
        "UPDATE orders SET note = NULL, total = total * 1.1 WHERE id = 1",
        "UPDATE o SET o.note = c.name FROM orders AS o INNER JOIN customers AS c ON c.id = o.customer_id WHERE o.id = @id",
        "INSERT INTO orders (id, status) OUTPUT inserted.id VALUES (1, N'new'), (2, DEFAULT)",
        "INSERT INTO orders SELECT id, customer_id, status, total, created_at, note FROM orders WHERE id = 1",
        "INSERT INTO orders DEFAULT VALUES",
        "DELETE FROM orders WHERE id IN (SELECT order_id FROM order_items)",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public void Understands(string sql)
    {
        var facts = SqlShop.Facts(sql, SqlDialect.TSql);

        facts.Functions.Should().NotContain(function => !function.IsBuiltIn);
        facts.Tables.Should().NotContain(table => table.Table == null || table.Table.IsCatalog);
    }
}
