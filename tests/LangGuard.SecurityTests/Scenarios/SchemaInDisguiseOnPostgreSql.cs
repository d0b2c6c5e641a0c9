namespace LangGuard.SecurityTests.Scenarios;

/// <summary>The schema, the login or the server is changed without the word for it.</summary>
internal sealed class SchemaInDisguiseOnPostgreSql : ServerScenario
{
    internal override string Engine => "postgres";

    internal override IReadOnlyList<string> Texts =>
    [
        "SELECT * INTO copy FROM orders",
        "SELECT * INTO TEMP copy2 FROM orders",
        "SELECT * INTO UNLOGGED copy3 FROM orders",
        "CREATE TABLE copy4 AS TABLE orders",
        "CREATE TEMP TABLE copy5 (id int)",
        "CREATE TEMP VIEW seen AS SELECT * FROM orders",
        "CREATE OR REPLACE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "EXPLAIN ANALYZE CREATE TABLE copy6 AS SELECT * FROM orders",
        "EXPLAIN (ANALYZE) DELETE FROM orders",
        "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone",
        "WITH more AS (INSERT INTO orders VALUES (900, 1) RETURNING *) TABLE more",
        "MERGE INTO orders USING (SELECT 1 AS id) AS s ON orders.id = s.id WHEN MATCHED THEN DELETE",
        "DO $$ BEGIN EXECUTE 'DROP ' || 'TABLE orders'; END $$",
        "SELECT query_to_xml('SELECT 1', true, false, '')",
        "SELECT set_config('role', 'postgres', false)",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION DEFAULT",
        "SET search_path = pg_temp",
        "RESET ALL",
        "DISCARD ALL",
        "ALTER TABLE orders RENAME COLUMN total TO sum",
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC",
        "ALTER TABLE orders SET UNLOGGED",
        "COMMENT ON TABLE orders IS 'x'",
        "CREATE RULE r AS ON INSERT TO orders DO INSTEAD NOTHING",
        "CREATE TYPE mood AS ENUM ('sad')",
        "TRUNCATE orders",
        "REINDEX TABLE orders",
        "SELECT * FROM orders FOR UPDATE",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT pg_advisory_lock(1)",
        "LISTEN changes",
        "PREPARE p AS DELETE FROM orders",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        "COPY orders TO PROGRAM 'cat > /dev/null'",
        "SELECT 1; DROP TABLE orders",
        "SELECT 1; COMMIT; DROP TABLE orders",
        "COMMIT; DROP TABLE orders",
        "/**/dRoP/**/TaBLe/**/orders",
        "DROP TABLE orders",
    ];
}
