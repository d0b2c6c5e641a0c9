using LangGuard.Data;

namespace LangGuard.Tests.Data.Sql;

/// <summary>A small database of a shop, in each dialect.</summary>
internal static class SqlShop
{
    internal static SqlSchema Sqlite { get; } = Make(SqlDialect.Sqlite, "main", []);

    internal static SqlSchema PostgreSql { get; } =
        Make(SqlDialect.PostgreSql, "public", ["order_total", "purge_orders", "get_key"]);

    internal static SqlSchema MySql { get; } = Make(SqlDialect.MySql, "shop", ["order_total", "soundex"]);

    internal static SqlSchema TSql { get; } = Make(SqlDialect.TSql, "dbo", ["order_total", "soundex"]);

    internal static SqlSchema DuckDb { get; } = Make(SqlDialect.DuckDb, "main", ["order_total"]);

    internal static SqlSchema For(SqlDialect dialect) => dialect switch
    {
        SqlDialect.Sqlite => Sqlite,
        SqlDialect.MySql => MySql,
        SqlDialect.TSql => TSql,
        SqlDialect.DuckDb => DuckDb,
        _ => PostgreSql,
    };

    internal static SqlInspection Inspect(string sql, SqlDialect dialect) =>
        SqlInspector.Inspect(sql.AsSpan(), dialect, For(dialect));

    internal static SqlInspection Inspect(string sql, SqlSchema schema) => SqlInspector.Inspect(sql.AsSpan(), schema.Dialect, schema);

    internal static SqlFacts Facts(string sql, SqlDialect dialect)
    {
        var inspection = Inspect(sql, dialect);
        inspection.Refusal.Should().BeNull(sql);
        return inspection.Facts!;
    }

    /// <summary>What the statement reads: <c>orders(id,total); api_keys(v)</c>. Other uses stand behind a colon.</summary>
    internal static string Describe(SqlFacts facts) => string.Join("; ", facts.Tables.Select(table =>
        $"{table.Name}{(table.Use == SqlUse.Select ? string.Empty : $":{table.Use}")}({string.Join(",", Columns(table))})"));

    private static IEnumerable<string> Columns(SqlTableUse table)
    {
        foreach (var (name, use) in table.Columns)
        {
            yield return use == SqlUse.Select ? name : $"{name}:{use}";
        }

        if (table.UsesSystemColumns)
        {
            yield return "SYSTEM";
        }
    }

    private static SqlSchema Make(SqlDialect dialect, string schema, string[] functions) => new(
        dialect,
        [
            new SqlTable(schema, "categories", ["id", "name", "parent_id"]),
            new SqlTable(schema, "products", ["id", "name", "category_id", "price", "stock", "active", "created_at"]),
            new SqlTable(schema, "customers", ["id", "name", "email", "country", "city", "signup_date", "referrer_id"]),
            new SqlTable(schema, "orders", ["id", "customer_id", "status", "total", "created_at", "note"]),
            new SqlTable(schema, "order_items", ["id", "order_id", "product_id", "qty", "unit_price"]),
            new SqlTable(schema, "reviews", ["id", "product_id", "customer_id", "rating", "body", "created_at"]),
            new SqlTable(schema, "employees", ["id", "name", "title", "manager_id", "salary", "ssn", "hired"]),
            new SqlTable(schema, "api_keys", ["id", "owner", "v"]),
            new SqlTable(schema, "v_order_totals", ["customer_id", "n", "paid"], isView: true),
            new SqlTable(schema, "v_keys", ["owner", "v"], isView: true),
            new SqlTable("sales", "orders", ["id", "region"]),
            new SqlTable(schema, "events", ["id", "name", "props"]),
        ],
        functions,
        ["order_status"],
        schema);
}
