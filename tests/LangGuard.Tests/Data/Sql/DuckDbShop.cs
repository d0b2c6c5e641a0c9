using DuckDB.NET.Data;
using LangGuard.Data;

namespace LangGuard.Tests.Data.Sql;

/// <summary>The shop on the engine itself, with lists, structs, and a macro and a table function of its own.</summary>
internal static class DuckDbShop
{
    private static readonly Principal Agent = new("agent", "tenant");

    private static readonly string[] Setup =
    [
        "CREATE TABLE categories (id INTEGER, name VARCHAR, parent_id INTEGER)",
        "INSERT INTO categories VALUES (1, 'all', NULL), (2, 'books', 1)",
        "CREATE TABLE products (id INTEGER, name VARCHAR, category_id INTEGER, price DOUBLE, stock INTEGER, active BOOLEAN, created_at TIMESTAMP)",
        "INSERT INTO products VALUES (1, 'Pen', 2, 1.5, 10, true, '2024-01-01'), (2, 'Ink', 2, 3, 5, true, '2024-01-02')",
        "CREATE TABLE customers (id INTEGER, name VARCHAR, email VARCHAR, country VARCHAR, city VARCHAR, signup_date DATE, referrer_id INTEGER)",
        "INSERT INTO customers VALUES (1, 'Ada', 'a@x.test', 'DE', 'Ulm', '2023-01-01', NULL), (2, 'Bob', 'b@x.test', 'GB', 'Bath', '2023-02-01', 1)",
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, status VARCHAR, total DOUBLE, created_at TIMESTAMP, note VARCHAR)",
        "INSERT INTO orders VALUES (1, 1, 'paid', 59.5, '2024-03-01', 'x'), (2, 1, 'shipped', 19.5, '2024-03-11', NULL), (3, 2, 'cancelled', 9.9, '2024-04-02', 'y')",
        "CREATE TABLE order_items (id INTEGER, order_id INTEGER, product_id INTEGER, qty INTEGER, unit_price DOUBLE)",
        "INSERT INTO order_items VALUES (1, 1, 1, 2, 1.5), (2, 3, 2, 1, 3)",
        "CREATE TABLE reviews (id INTEGER, product_id INTEGER, customer_id INTEGER, rating INTEGER, body VARCHAR, created_at TIMESTAMP)",
        "INSERT INTO reviews VALUES (1, 1, 1, 5, 'good', '2024-02-01')",
        "CREATE TABLE employees (id INTEGER, name VARCHAR, title VARCHAR, manager_id INTEGER, salary INTEGER, ssn VARCHAR, hired DATE)",
        "INSERT INTO employees VALUES (1, 'Eve', 'CEO', NULL, 200, '111', '2020-01-01'), (2, 'Dan', 'Dev', 1, 100, '222', '2021-01-01')",
        "CREATE TABLE api_keys (id INTEGER, owner VARCHAR, v VARCHAR)",
        "INSERT INTO api_keys VALUES (1, 'a', 's3cret'), (2, 'b', 'hidden')",
        "CREATE VIEW v_order_totals AS SELECT customer_id, count(*) AS n, sum(total) AS paid FROM orders GROUP BY customer_id",
        "CREATE VIEW v_keys AS SELECT owner, v FROM api_keys",
        "CREATE SCHEMA sales",
        "CREATE TABLE sales.orders (id INTEGER, region VARCHAR)",
        "CREATE TABLE events (id INTEGER, name VARCHAR, props JSON, tags VARCHAR[], info STRUCT(page VARCHAR, size INTEGER), ts TIMESTAMP)",
        "INSERT INTO events VALUES (1, 'open', '{\"a\":{\"b\":1},\"c\":[1,2]}', ['x', 'y'], {'page': 'home', 'size': 3}, '2024-01-01 10:00:00')",
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        "CREATE SEQUENCE seq",
        "CREATE MACRO get_key(i) AS (SELECT max(v) FROM api_keys WHERE id >= i)",
        "CREATE MACRO secret_rows() AS TABLE FROM api_keys",
        "SET VARIABLE x = 1",
    ];

    /// <summary>What the engine says that it holds.</summary>
    internal static SqlSchema Schema { get; } = Read();

    internal static DuckDBConnection Open()
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        foreach (var statement in Setup)
        {
            Run(connection, statement);
        }

        return connection;
    }

    internal static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Decides by a policy that grants everything but keys, salaries and numbers of employees.</summary>
    internal static bool IsAllowed(string sql)
    {
        if (SqlShop.Inspect(sql, Schema).Facts is not { } facts)
        {
            return false;
        }

        var policy = Policy.Create(builder => builder.LimitPermissions(allow => allow.Database("db", database =>
        {
            foreach (var table in (string[])["orders", "order_items", "sales.orders"])
            {
                database.Select(table).Insert(table).Update(table).Delete(table);
            }

            database.Select("categories", "products", "customers", "reviews", "employees", "events", "v_order_totals")
                .DenyColumns("employees", "salary", "ssn");
        })));
        using var session = GuardSession.Create(policy, Agent);
        return policy.Decide(new DatabaseOperation(Agent, "db", sql, facts, Schema.DefaultSchema, string.Empty), session).IsAllowed;
    }

    private static SqlSchema Read()
    {
        using var connection = Open();
        var views = Rows(connection, "SELECT view_name FROM duckdb_views() WHERE NOT internal").Select(row => row[0]).ToHashSet();
        return new SqlSchema(
            SqlDialect.DuckDb,
            Rows(connection, "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE NOT internal ORDER BY ALL")
                .GroupBy(row => (row[0], row[1]))
                .Select(table => new SqlTable(
                    table.Key.Item1, table.Key.Item2,
                    Rows(connection, $"SELECT column_name FROM duckdb_columns() WHERE schema_name = '{table.Key.Item1}' AND table_name = '{table.Key.Item2}' ORDER BY column_index").Select(row => row[0]),
                    views.Contains(table.Key.Item2))),
            Rows(connection, "SELECT DISTINCT function_name FROM duckdb_functions() WHERE NOT internal").Select(row => row[0]),
            Rows(connection, "SELECT type_name FROM duckdb_types() WHERE NOT internal").Select(row => row[0]));
    }

    private static List<string[]> Rows(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        var rows = new List<string[]>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        }

        return rows;
    }
}
