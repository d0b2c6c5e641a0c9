namespace LangGuard.SecurityTests.Scenarios;

/// <summary>The same on MySQL or MariaDB.</summary>
internal sealed class SchemaInDisguiseOnMySql : ServerScenario
{
    internal override string Engine => "mysql";

    internal override IReadOnlyList<string> Texts =>
    [
        "CREATE TABLE copy AS SELECT * FROM orders",
        "CREATE TABLE copy2 LIKE orders",
        "CREATE TEMPORARY TABLE copy3 (id int)",
        "CREATE OR REPLACE VIEW seen AS SELECT * FROM orders",
        "CREATE INDEX i ON orders (total)",
        "RENAME TABLE orders TO gone",
        "ALTER TABLE orders ADD COLUMN more int",
        "REPLACE INTO orders VALUES (1, 99)",
        "INSERT INTO orders VALUES (900, 1) ON DUPLICATE KEY UPDATE total = 0",
        "SELECT max(total) FROM orders INTO @t",
        "SELECT @x := 1",
        "SET ROLE NONE",
        "SET SESSION sql_mode = 'ANSI_QUOTES'",
        "USE mysql",
        "/*!50000 DROP TABLE orders */",
        "/*M! DROP TABLE orders */",
        "SELECT 1 /*!50000 FROM orders FOR UPDATE */",
        "HANDLER orders OPEN",
        "LOCK TABLES orders WRITE",
        "OPTIMIZE TABLE orders",
        "ANALYZE TABLE orders",
        "PREPARE p FROM 'DROP TABLE orders'",
        "EXECUTE IMMEDIATE 'DROP TABLE orders'",
        "BEGIN NOT ATOMIC DROP TABLE orders; END",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM orders",
        "CREATE PROCEDURE p() DELETE FROM orders",
        "SELECT GET_LOCK('a', 1)",
        "SELECT 1; DROP TABLE orders",
        "ROLLBACK; DROP TABLE orders",
        "/**/dRoP/**/TaBLe/**/orders",
        "TRUNCATE orders",
        "DROP TABLE orders",
    ];
}
