using LangGuard.Data;

namespace LangGuard.Testing.Conformance;

/// <summary>What lies beside the tables: catalogs, files, settings, other sessions, endless work. Nothing here would harm
/// more than the database of the test, where a guard is broken.</summary>
internal static class SqlEngineAttacks
{
    public static IEnumerable<SqlCase> Of(SqlSubject subject) =>
        Catalogs(subject.Dialect).Select(name => Attack("catalog", $"SELECT * FROM {name}", name.Split('(')[0]))
            .Concat(Functions(subject).Select(call => Attack("function", $"SELECT {call}", call.Split('(')[0])))
            .Concat(Statements(subject).Select(text => Attack("session", text, null)))
            .Append(Attack("endless rows", Endless(subject.Dialect), null));

    private static SqlCase Attack(string technique, string text, string? names) =>
        new(SqlCaseKind.Attack, technique, text) { Names = names };

    private static string[] Catalogs(SqlDialect dialect) => dialect switch
    {
        SqlDialect.Sqlite =>
            ["sqlite_schema", "sqlite_master", "main.sqlite_master", "\"sqlite_schema\"", "sqlite_temp_master",
             "pragma_table_list", "pragma_database_list", "pragma_function_list"],
        SqlDialect.PostgreSql =>
            ["pg_catalog.pg_class", "pg_class", "pg_roles", "pg_settings", "pg_stat_activity", "pg_shadow",
             "information_schema.tables", "pg_ls_dir('.')"],
        SqlDialect.MySql =>
            ["information_schema.tables", "information_schema.processlist", "mysql.user", "performance_schema.threads",
             "information_schema . columns"],
        SqlDialect.TSql =>
            ["sys.tables", "sys.objects", "INFORMATION_SCHEMA.TABLES", "sys.sql_logins", "master.sys.databases",
             "sys.dm_exec_sessions"],
        _ => ["information_schema.tables", "sqlite_master", "duckdb_tables()", "duckdb_settings()", "pg_catalog.pg_class"],
    };

    private static string[] Functions(SqlSubject subject) => subject.Dialect switch
    {
        SqlDialect.Sqlite =>
            ["load_extension('conformance')", "readfile('/etc/hostname')", $"writefile('{subject.NewFile}', 'x')",
             "fts3_tokenizer('simple')", "sqlite_compileoption_get(0)", "\"load_extension\"('conformance')"],
        SqlDialect.PostgreSql =>
            ["pg_read_file('PG_VERSION')", "pg_catalog.pg_read_file('PG_VERSION')", "\"pg_read_file\"('PG_VERSION')",
             "pg_sleep(0)", "set_config('search_path', 'public', false)", "pg_advisory_lock(1)", "lo_creat(-1)",
             "query_to_xml('SELECT 1', true, false, '')", "pg_terminate_backend(0)", "current_setting('server_version')"],
        SqlDialect.MySql =>
            ["LOAD_FILE('/etc/hostname')", "SLEEP(0)", "BENCHMARK(1, 1)", "GET_LOCK('conformance', 0)",
             "/*!50000 SLEEP(0) */", "@@datadir"],
        SqlDialect.TSql =>
            ["* FROM OPENROWSET(BULK '/etc/hostname', SINGLE_CLOB) AS t", "fn_my_permissions(NULL, 'DATABASE')", "@@SERVERNAME",
             "HAS_PERMS_BY_NAME(NULL, NULL, 'CONTROL SERVER')"],
        _ => ["* FROM read_csv('/etc/hostname')", "* FROM read_text('/etc/hostname')", "* FROM '/etc/hostname'", "getenv('PATH')",
             "current_setting('memory_limit')"],
    };

    private static string[] Statements(SqlSubject subject) => subject.Dialect switch
    {
        SqlDialect.Sqlite =>
            [$"ATTACH '{subject.NewFile}' AS conformance", $"VACUUM INTO '{subject.NewFile}'", "PRAGMA writable_schema = 1",
             "PRAGMA table_info(x)", "PRAGMA query_only = 0", "PRAGMA journal_mode = MEMORY", "BEGIN", "REINDEX", "ANALYZE",
             "SAVEPOINT s", "VACUUM"],
        SqlDialect.PostgreSql =>
            [$"COPY (SELECT 1) TO '{subject.NewFile}'", "COPY (SELECT 1) TO PROGRAM 'true'", "DO $$ BEGIN PERFORM 1; END $$", "SET ROLE NONE",
             "SET TRANSACTION READ WRITE", "RESET ALL", "LISTEN conformance", "CALL conformance()", "PREPARE p AS SELECT 1", "BEGIN",
             "SHOW ALL", "VACUUM", "DISCARD ALL"],
        SqlDialect.MySql =>
            [$"SELECT 1 INTO OUTFILE '{subject.NewFile}'", "SELECT 1 INTO @x", "SET @x = 1", "SET SESSION TRANSACTION READ WRITE", "SHOW TABLES",
             "SHOW GRANTS", "DESCRIBE x", "START TRANSACTION", "PREPARE p FROM 'SELECT 1'", "DO SLEEP(0)", "CALL conformance()"],
        SqlDialect.TSql =>
            ["EXEC sp_tables", "EXEC ('SELECT 1')", "EXEC sp_executesql N'SELECT 1'", "WAITFOR DELAY '00:00:00'", "DECLARE @x int = 1 SELECT @x",
             "BEGIN TRANSACTION", "USE master", "SET ROWCOUNT 0", "DBCC USEROPTIONS", "EXECUTE AS USER = 'dbo'"],
        _ => [$"COPY (SELECT 1) TO '{subject.NewFile}'", $"ATTACH '{subject.NewFile}' AS conformance", "INSTALL httpfs", "LOAD httpfs",
             "SET enable_external_access = true", "PRAGMA database_list", "SHOW TABLES", "DESCRIBE SELECT 1", "CHECKPOINT", "BEGIN"],
    };

    private static string Endless(SqlDialect dialect) => dialect == SqlDialect.TSql
        ? "WITH n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT i FROM n OPTION (MAXRECURSION 0)"
        : "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
}
