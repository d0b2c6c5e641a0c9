using LangGuard.Data;

namespace LangGuard.Tests.Data.Sql;

/// <summary>Attempts on MySQL and MariaDB to use a table, a column or a function without naming it plainly.</summary>
public sealed class MySqlEvasionTests
{
    public static TheoryData<string, string> Seen => new()
    {
        { "SELECT `SSN` FROM `employees`", "employees(ssn)" },
        { "SELECT 1 FROM orders JOIN api_keys USING (id)", "orders(id); api_keys(id)" },
        { "SELECT 1 FROM orders NATURAL JOIN api_keys", "orders(id); api_keys(id)" },
        { "SELECT 1 FROM orders STRAIGHT_JOIN api_keys", "orders(); api_keys()" },
        { "SELECT id FROM orders WHERE note = 'it\\'s' AND id IN (SELECT id FROM api_keys) -- '", "orders(id,note); api_keys(id)" },
        { "SELECT \"a\\\"\", v FROM api_keys -- \"", "api_keys(v)" },
        { "SELECT id FROM orders # '\n UNION SELECT v FROM api_keys -- '", "orders(id); api_keys(v)" },

        // The server tells X from x, or does not; and names of HAVING are not those of FROM.
        { "SELECT (SELECT X.ssn FROM (SELECT 1 AS ssn) x) FROM employees X", "employees(ssn)" },
        { "SELECT (SELECT ssn FROM (SELECT 1 AS ssn) x HAVING ssn = 1) FROM employees", "employees(ssn)" },
        { "SELECT (SELECT 1 FROM (SELECT 1 AS ssn) a CROSS JOIN orders o JOIN reviews r ON ssn = 1) FROM employees", "orders(); reviews(); employees(ssn)" },
        { "SELECT (SELECT `\u212Aey` FROM (SELECT 1 AS `\u212Aey`) x) FROM orders", "orders()" },
        { "SELECT (SELECT ssn FROM (SELECT 'ssn') x) FROM employees", "employees(ssn)" },
        { "SELECT total FROM orders GROUP BY total WITH ROLLUP HAVING total > 1", "orders(total)" },
        { "SELECT name FROM employees ORDER BY ssn + 1", "employees(name,ssn)" },
        { "UPDATE orders o JOIN employees e ON e.id = o.id SET o.note = e.ssn WHERE o.id = 1", "orders:Select, Update(id,note:Update); employees(id,ssn)" },
        { "INSERT INTO orders (id, note) VALUES (1, 'x') ON DUPLICATE KEY UPDATE note = (SELECT v FROM api_keys)", "orders:Insert, Update(id:Insert,note:Insert, Update); api_keys(v)" },
        { "REPLACE INTO orders (id) VALUES (1)", "orders:Change(id:Insert)" },
        { "SELECT 'a' 'b\\'' \"c\", ssn 'x' FROM employees", "employees(ssn)" },
        { "SELECT name FROM employees USE INDEX (PRIMARY) IGNORE KEY FOR ORDER BY (a, b), api_keys FORCE INDEX FOR JOIN () WHERE v > 1", "employees(name); api_keys(v)" },
        { "SELECT STRAIGHT_JOIN DISTINCTROW ssn FROM employees", "employees(ssn)" },
        { "SELECT name SOUNDS LIKE ssn FROM employees", "employees(name,ssn)" },
        { "SELECT title FROM employees GROUP BY title DESC, ssn ASC WITH ROLLUP", "employees(title,ssn)" },
        { "SELECT title FROM employees ORDER BY title OFFSET (SELECT max(id) FROM api_keys) ROWS FETCH NEXT 1 ROW ONLY", "employees(id,title); api_keys(id)" },
        { "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY salary) OVER (PARTITION BY title) FROM employees", "employees(title,salary)" },
        { "SELECT j.a FROM employees e, JSON_TABLE(JSON_ARRAY(e.ssn), '$[*]' COLUMNS (n FOR ORDINALITY, a TEXT PATH '$', NESTED PATH '$' COLUMNS (b INT PATH '$.b' NULL ON EMPTY))) j", "employees(ssn)" },
        { "SELECT j.a FROM JSON_TABLE((SELECT JSON_ARRAYAGG(v) FROM api_keys), '$[*]' COLUMNS (a VARCHAR(9) PATH '$' DEFAULT '0' ON ERROR)) AS j", "api_keys(v)" },
        { "SELECT x.ssn FROM employees e JOIN LATERAL (SELECT e.ssn) AS x ON TRUE", "employees(ssn)" },
        { "EXPLAIN EXTENDED SELECT v FROM api_keys", "api_keys(v)" },
        { "INSERT INTO orders SET id = 1, note = (SELECT v FROM api_keys)", "orders:Insert(id:Insert,note:Insert); api_keys(v)" },
        { "INSERT IGNORE orders (id) VALUE (1)", "orders:Insert(id:Insert)" },
        { "UPDATE orders SET note = 'x' WHERE id = 1 ORDER BY (SELECT v FROM api_keys), total LIMIT 1", "orders:Select, Update(id,total,note:Update); api_keys(v)" },
        { "DELETE FROM orders WHERE id = 1 ORDER BY total DESC LIMIT 1", "orders:Select, Delete(id,total)" },
        { "DELETE o FROM orders o JOIN api_keys k ON k.id = o.id WHERE k.v = 'x'", "orders:Select, Delete(id); api_keys(id,v)" },
        { "DELETE FROM k USING orders o JOIN api_keys AS k ON k.id = o.id WHERE o.id = 1", "orders(id); api_keys:Select, Delete(id)" },
    };

    public static TheoryData<string, string> Called => new()
    {
        { "SELECT load_file('/etc/passwd')", "load_file" },
        { "SELECT `SLEEP`(1)", "sleep" },
        { "SELECT shop.lower('A')", "lower" },
        { "SELECT soundex ('a')", "soundex" },
        { "SELECT database()", "database" },
        { "SELECT schema()", "schema" },
        { "SELECT user()", "user" },
        { "SELECT get_lock('a', 1)", "get_lock" },
        { "SELECT nextval(1)", "nextval" },
        { "SELECT last_insert_id(7)", "last_insert_id" },
        { "SELECT extractvalue('<a/>', '$@x')", "extractvalue" },
    };

    public static TheoryData<string> Refused =>
    [
        "SELECT 1 /*! INTO OUTFILE '/tmp/x' */",
        "SELECT 1 /*!50000 + 1 */",
        "SELECT 1 /*M! + 1 */",
        "SELECT 1 /*M!100100 + 1 */",
        "SELECT /*+ SET_VAR(sql_mode='ANSI_QUOTES') */ id FROM orders",
        "SELECT /*+ MAX_EXECUTION_TIME(0) */ id FROM orders",
        "SELECT 1--1",
        "SELECT '\\\\'; DROP TABLE orders; -- '",
        "SELECT '\\'', 1; DROP TABLE orders; -- '",
        "SELECT 'a\\', id FROM orders",
        "SELECT \"a\\\", id FROM orders",
        "SELECT \\N",
        "SELECT @@version",
        "SELECT @a := 1",
        "SELECT @'a'",
        "SELECT @`a`",
        "SET @a = 1",
        "SELECT id INTO @a FROM orders",
        "SELECT id FROM orders INTO @a",
        "SELECT id FROM orders INTO OUTFILE '/tmp/x'",
        "SELECT id FROM orders INTO DUMPFILE '/tmp/x'",
        "SELECT id INTO OUTFILE '/tmp/x' FROM orders",
        "SELECT * FROM orders FOR UPDATE",
        "SELECT * FROM orders LOCK IN SHARE MODE",
        "SELECT * FROM (SELECT * FROM orders FOR SHARE) x",
        "SELECT * FROM orders PROCEDURE ANALYSE()",
        "SELECT * FROM orders PARTITION (p0)",
        "SELECT * FROM orders FOR SYSTEM_TIME ALL",
        "SELECT high_priority ssn FROM (SELECT 1 AS high_priority) x",
        "SELECT sql_no_cache ssn FROM (SELECT 1 AS sql_no_cache) x",
        "SELECT sql_buffer_result ssn FROM (SELECT 1 AS sql_buffer_result) x",
        "SELECT distinctrow ssn FROM (SELECT 1 AS distinctrow) x",
        "SELECT _gbk'a'",
        "SELECT {x ssn} FROM employees",
        "SELECT {d ssn} FROM employees",
        "SELECT {d '2024-01-01' FROM orders",
        "SELECT {ts '2024-01-01\\'} FROM orders",
        "SELECT * FROM json_table('[1]', '$[*]' COLUMNS (a INT PATH ssn)) x",
        "SELECT * FROM orders USE INDEX (SELECT 1)",
        "DELETE o, r FROM orders o JOIN reviews r ON r.id = o.id WHERE o.id = 1",
        "DELETE FROM o, r USING orders o JOIN reviews r ON r.id = o.id WHERE o.id = 1",
        "DELETE x FROM orders o JOIN reviews r ON r.id = o.id WHERE o.id = 1",
        "DELETE o FROM orders o JOIN orders O ON o.id = O.id WHERE o.id = 1",
        "DELETE x FROM (SELECT id FROM orders) x WHERE x.id = 1",
        "DELETE shop.orders FROM orders WHERE orders.id = 1",
        "INSERT LOW_PRIORITY INTO orders (id) VALUES (1)",
        "EXPLAIN EXTENDED DELETE FROM orders",
        "EXPLAIN PARTITIONS orders",
        "SELECT $x FROM orders",
        "SELECT :x",
        "SELECT ?1",
        "SELECT current_user",
        "WITH Orders AS (SELECT 1 AS id) SELECT id FROM orders",
        "WITH \"a\" AS (SELECT 1) SELECT 1",
        "TABLE orders",
        "HANDLER orders OPEN",
        "DO sleep(1)",
        "CALL reset_shop()",
        "LOAD DATA INFILE '/etc/passwd' INTO TABLE orders",
        "EXECUTE IMMEDIATE 'DELETE FROM orders'",
        "ANALYZE SELECT 1",
        "ANALYZE FORMAT=JSON SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
        "EXPLAIN orders",
        "EXPLAIN FOR CONNECTION 1",
        "EXPLAIN DELETE FROM orders",
        "SET STATEMENT max_statement_time = 0 FOR SELECT 1",
        "SELECT NEXT VALUE FOR s",
        "SELECT 1; DELIMITER //",
        "UPDATE orders o JOIN reviews r ON r.id = o.id SET o.note = 'x', r.body = 'x' WHERE o.id = 1",
        "UPDATE orders o JOIN reviews r ON r.id = o.id SET created_at = NULL WHERE o.id = 1",
        "UPDATE IGNORE orders SET note = 'x' WHERE id = 1",
        "SELECT 1\u000B+ 1",
        "SELECT\u00A01",
        "SELECT 1 /* open",
    ];

    [Theory]
    [MemberData(nameof(Seen))]
    public void Sees_every_table_and_column(string sql, string expected) =>
        SqlShop.Describe(SqlShop.Facts(sql, SqlDialect.MySql)).Should().Be(expected);

    [Theory]
    [MemberData(nameof(Called))]
    public void Sees_every_function(string sql, string function) =>
        SqlShop.Facts(sql, SqlDialect.MySql).Functions.Should().Contain(use => !use.IsBuiltIn && use.Name == function);

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refuses(string sql) => SqlShop.Inspect(sql, SqlDialect.MySql).Refusal.Should().NotBeNull();

    [Fact]
    public void Knows_no_table_whose_name_differs_from_another_in_case_alone()
    {
        var schema = new SqlSchema(
            SqlDialect.MySql,
            [new SqlTable("shop", "Orders", ["id"]), new SqlTable("shop", "orders", ["id"])], defaultSchema: "shop");

        SqlInspector.Inspect("SELECT 1 FROM orders".AsSpan(), SqlDialect.MySql, schema).Facts!.Tables.Should().ContainSingle()
            .Which.Table.Should().BeNull();
    }
}
