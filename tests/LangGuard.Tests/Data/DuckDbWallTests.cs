using System.Data.Common;
using LangGuard.Data;
using LangGuard.DuckDb;
using LangGuard.Permissions;

namespace LangGuard.Tests.Data;

/// <summary>The engine's wall alone: nobody has looked at the text.</summary>
public sealed class DuckDbWallTests : IDisposable
{
    private readonly DuckDbFile _file = new();

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("SELECT id FROM orders ORDER BY id")]
    [InlineData("FROM orders")]
    [InlineData("FROM orders SELECT tenant, sum(total) GROUP BY ALL")]
    [InlineData("SELECT o.*, c.* FROM orders o, customers c")]
    [InlineData("(SELECT 1 AS a) UNION (SELECT 2) ORDER BY a LIMIT 1")]
    [InlineData("WITH o AS (SELECT * FROM orders) SELECT count(*) FROM o -- done")]
    [InlineData("SELECT 'a\\' || '; DROP TABLE orders; -- '")]
    [InlineData("SELECT list_transform([1, 2], lambda x: x + 1), {'a': 1}.a, map {'k': 2}['k']")]
    [InlineData("SELECT tenant, row_number() OVER (ORDER BY id) AS r FROM orders QUALIFY r = 1")]
    [InlineData("PIVOT orders ON status IN ('open') USING sum(total)")]
    [InlineData("SELECT * FROM range(3)")]
    [InlineData("SELECT 1;")]
    public void Runs_a_query(string sql)
    {
        using var session = new Opened(_file);
        using var reader = session.Query(sql);

        reader.Read().Should().BeTrue();
    }

    /// <summary>What needs no secret of the file to do harm: it takes effect on a copy that nobody guards.</summary>
    [Theory]
    [InlineData("INSERT INTO orders VALUES (9, 'x', 'x', 1)")]
    [InlineData("UPDATE orders SET total = 0")]
    [InlineData("DELETE FROM orders")]
    [InlineData("TRUNCATE orders")]
    [InlineData("DROP MACRO take")]
    [InlineData("DROP VIEW open_orders")]
    [InlineData("ALTER TABLE orders ADD COLUMN x INTEGER")]
    [InlineData("CREATE TABLE pwn AS SELECT 1 AS a")]
    [InlineData("CREATE VIEW pwn AS SELECT * FROM secrets")]
    [InlineData("CREATE OR REPLACE MACRO take(i) AS 1")]
    [InlineData("CREATE SEQUENCE pwn")]
    [InlineData("SELECT nextval('seq')")]
    [InlineData("SELECT 1; DROP VIEW open_orders")]
    [InlineData("DROP VIEW open_orders; SELECT 1")]
    [InlineData("SELECT 1;\n/* */;-- x\nDELETE FROM orders")]
    [InlineData("BEGIN; DELETE FROM orders; COMMIT")]
    [InlineData("WITH d AS (SELECT 1) INSERT INTO secrets SELECT 2, 'x'")]
    [InlineData("MERGE INTO orders USING (SELECT 1 AS id) AS s USING (id) WHEN MATCHED THEN DELETE")]
    [InlineData("EXPLAIN ANALYZE DELETE FROM orders")]
    [InlineData("PREPARE p AS DELETE FROM orders; EXECUTE p")]
    [InlineData("IMPORT DATABASE '{folder}/import'")]
    public void Changes_nothing(string sql)
    {
        Directory.CreateDirectory(_file.Outside("import"));
        File.WriteAllText(_file.Outside("import/schema.sql"), "CREATE TABLE pwn (a INTEGER);");
        File.WriteAllText(_file.Outside("import/load.sql"), "");
        var text = sql.Replace("{folder}", _file.Folder, StringComparison.Ordinal);
        var before = _file.World();
        using (var session = new Opened(_file))
        {
            session.Refuses(text);
        }

        _file.World().Should().Be(before);
        var control = _file.Copy();
        DuckDbFile.Execute(control, text);
        DuckDbFile.World(control).Should().NotBe(before, "without a guard it takes effect");
    }

    [Theory]
    [InlineData("COPY orders TO '{out}'")]
    [InlineData("COPY (SELECT * FROM secrets) TO '{out}' (FORMAT parquet)")]
    [InlineData("COPY secrets TO '{out}' (FORMAT json)")]
    [InlineData("EXPORT DATABASE '{out}'")]
    [InlineData("ATTACH '{out}' AS x")]
    [InlineData("ATTACH '{out}' AS x; COPY FROM DATABASE copy1 TO x")]
    [InlineData("SET log_query_path = '{out}'; SELECT 1")]
    [InlineData("PRAGMA enable_profiling = 'json'; PRAGMA profiling_output = '{out}.json'; SELECT 1; PRAGMA disable_profiling")]
    [InlineData("SET secret_directory = '{out}'; CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')")]
    public void Writes_no_file(string sql)
    {
        var text = sql.Replace("{out}", _file.Outside("out"), StringComparison.Ordinal);
        using (var session = new Opened(_file))
        {
            session.Refuses(text);
        }

        Directory.EnumerateFileSystemEntries(_file.Folder, "out*").Should().BeEmpty();
        DuckDbFile.Execute(_file.Copy(), text);
        Directory.EnumerateFileSystemEntries(_file.Folder, "out*").Should().NotBeEmpty("without a guard it takes effect");
    }

    [Theory]
    [InlineData("SELECT * FROM '{csv}'")]
    [InlineData("FROM '{csv}'")]
    [InlineData("FROM \"{csv}\"")]
    [InlineData("FROM read_csv('{csv}')")]
    [InlineData("FROM read_csv_auto(['{csv}'])")]
    [InlineData("SELECT content FROM read_text('{csv}')")]
    [InlineData("SELECT content::VARCHAR FROM read_blob('{csv}')")]
    [InlineData("SELECT file FROM glob('{folder}/*CANARY*')")]
    [InlineData("FROM sniff_csv('{csv}') SELECT Columns::VARCHAR || 'CANARY'")]
    [InlineData("FROM query('SELECT v FROM secrets')")]
    [InlineData("FROM query_table('secrets') SELECT v")]
    [InlineData("FROM query_table(['secrets']) SELECT v")]
    [InlineData("SELECT v FROM secrets")]
    [InlineData("SELECT v FROM main.secrets")]
    [InlineData("SELECT v FROM shop.main.secrets")]
    [InlineData("SELECT (SELECT v FROM secrets)")]
    [InlineData("WITH secrets AS (FROM secrets) SELECT v FROM secrets")]
    [InlineData("SELECT [v FOR v IN (SELECT list(v) FROM secrets)]")]
    [InlineData("SELECT take(1)")]
    [InlineData("SELECT (1).take()")]
    [InlineData("SELECT v FROM taken()")]
    [InlineData("SUMMARIZE secrets")]
    [InlineData("SELECT name FROM (SUMMARIZE secrets) t(name, b, c, d, e, f, g, h, i, j, k, l) UNION SELECT v FROM secrets")]
    [InlineData("FROM json_execute_serialized_sql(json_serialize_sql('SELECT v FROM secrets'))")]
    [InlineData("PRAGMA json_execute_serialized_sql('{tree}')")]
    [InlineData("SELECT sql FROM duckdb_views() WHERE view_name = 'open_orders' UNION SELECT 'CANARY' FROM duckdb_settings()")]
    [InlineData("SELECT 'CANARY' || table_name FROM information_schema.tables")]
    [InlineData("SELECT 'CANARY' || name FROM sqlite_master")]
    [InlineData("SELECT 'CANARY' || getvariable('x')")]
    [InlineData("SELECT 'CANARY' || current_setting('home_directory')")]
    [InlineData("SELECT 'CANARY' || version()")]
    [InlineData("SELECT 'CANARY' || name FROM pragma_database_list")]
    [InlineData("FROM pragma_table_info('secrets') SELECT 'CANARY' || name")]
    [InlineData("FROM pragma_storage_info('secrets') SELECT 'CANARY' || stats")]
    [InlineData("SHOW TABLES")]
    [InlineData("DESCRIBE secrets")]
    [InlineData("FROM (SHOW ALL TABLES)")]
    [InlineData("FROM (DESCRIBE secrets)")]
    [InlineData("PIVOT secrets ON v USING count(*)")]
    [InlineData("UNPIVOT secrets ON v INTO NAME n VALUE w")]
    public void Shows_nothing_that_is_not_granted(string sql)
    {
        File.Copy(_file.Outside("secret.csv"), _file.Outside("CANARY.csv"));
        var text = sql.Replace("{csv}", _file.Outside("secret.csv"), StringComparison.Ordinal)
            .Replace("{folder}", _file.Folder, StringComparison.Ordinal)
            .Replace("{tree}", DuckDbFile.Ask(":memory:", "SELECT json_serialize_sql('SELECT v FROM secrets')").Replace("'", "''", StringComparison.Ordinal), StringComparison.Ordinal);
        using (var session = new Opened(_file))
        {
            session.Refuses(text);
        }

        // Without a guard the engine answers.
        var control = _file.Copy();
        if (text.Contains("shop.main", StringComparison.Ordinal))
        {
            text = text.Replace("shop.main", Path.GetFileNameWithoutExtension(control) + ".main", StringComparison.Ordinal);
        }

        FluentActions.Invoking(() => DuckDbFile.Execute(control, text)).Should().NotThrow();
    }

    [Theory]
    [InlineData("SET memory_limit = '100GB'")]
    [InlineData("SET threads = 64")]
    [InlineData("RESET enable_external_access")]
    [InlineData("SET VARIABLE x = 1")]
    [InlineData("CREATE TEMP TABLE orders AS SELECT 1 AS id")]
    [InlineData("CREATE OR REPLACE TEMP MACRO lower(x) AS 'mine'")]
    [InlineData("CREATE TEMP VIEW orders AS FROM secrets")]
    [InlineData("PREPARE p AS SELECT 1")]
    [InlineData("PRAGMA disable_optimizer")]
    [InlineData("CALL pragma_version()")]
    [InlineData("CHECKPOINT")]
    [InlineData("VACUUM")]
    [InlineData("ANALYZE")]
    [InlineData("BEGIN")]
    [InlineData("USE memory")]
    [InlineData("DETACH x")]
    [InlineData("CREATE SECRET s (TYPE http, BEARER_TOKEN 'x')")]
    [InlineData("INSTALL httpfs FROM '{folder}'")]
    [InlineData("LOAD '{folder}/x.duckdb_extension'")]
    [InlineData("COMMENT ON TABLE orders IS 'x'")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("SELECT 1 /* never closed")]
    [InlineData("SELECT 1\0; DROP TABLE orders")]
    public void Changes_neither_settings_nor_the_session(string sql)
    {
        var before = _file.World();
        using (var session = new Opened(_file))
        {
            session.Refuses(sql.Replace("{folder}", _file.Folder, StringComparison.Ordinal));
        }

        _file.World().Should().Be(before);
    }

    [Theory]
    [InlineData("SELECT email FROM customers")]
    [InlineData("SELECT * FROM customers")]
    [InlineData("SELECT c FROM customers c")]
    [InlineData("SELECT COLUMNS('em.*') FROM customers")]
    [InlineData("SELECT count(*) FROM customers JOIN (SELECT 'ada@example.org' AS email) USING (email)")]
    [InlineData("SELECT count(*) FROM customers NATURAL JOIN (SELECT 'ada@example.org' AS email)")]
    [InlineData("SELECT #3 FROM customers")]
    [InlineData("SELECT x FROM customers AS t(a, b, x)")]
    public void Shows_no_denied_column(string sql)
    {
        using var session = new Opened(_file, db => db.Select("customers").DenyColumns("customers", "email"));

        session.Refuses(sql);
        using var reader = session.Query("SELECT name FROM customers ORDER BY id");
        reader.Read().Should().BeTrue();
    }

    [Theory]
    [InlineData("UPDATE orders SET total = 0 WHERE id = 1; DROP TABLE orders")]
    [InlineData("UPDATE orders SET total = 0 WHERE id = 1")]
    [InlineData("DROP TABLE orders")]
    public void Makes_no_change_that_nobody_has_read(string sql)
    {
        var before = _file.World();
        using (var session = new Opened(_file, db => db.Select("orders").Update("orders")))
        {
            FluentActions.Invoking(() => session.Change(sql)).Should().Throw<DbException>();
            session.Refuses(sql);
        }

        _file.World().Should().Be(before);
    }

    private sealed class Opened : IDisposable
    {
        private readonly DuckDbEngine _engine;
        private readonly DatabaseEngineSession _session;

        internal Opened(DuckDbFile file, Action<DatabaseBuilder>? configure = null)
        {
            var options = DuckDbFile.PolicyOf(configure ?? (db => db.Select("orders", "customers"))).Options.LimitPermissions.Database["shop"];
            _engine = new DuckDbEngine(file.Path, options);
            _session = _engine.Open(new DatabaseScope(options));
        }

        internal DbDataReader Query(string sql) => _session.Query(Text(sql), default);

        internal void Change(string sql) => _session.Change(Text(sql), 1, default);

        internal void Refuses(string sql) => FluentActions.Invoking(() =>
        {
            using var reader = Query(sql);
            while (reader.Read())
            {
            }
        }).Should().Throw<DbException>(sql);

        public void Dispose()
        {
            _session.Dispose();
            _engine.Dispose();
        }

        private static EngineStatement Text(string sql) => new(sql, [], TimeSpan.FromSeconds(20));
    }
}
