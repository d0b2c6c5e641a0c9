using System.Text.Json;
using LangGuard.Data;
using LangGuard.Permissions;

namespace LangGuard.SecurityTests.Data;

/// <summary>Every case of both corpora for the dialects of the inspector, decided by a policy on the inspector's facts alone.</summary>
public sealed class InspectorCorpusTests
{
    private static readonly Principal Agent = new("agent", "tenant");

    private static readonly JsonElement Schemas = Read("sql-schemas.json").GetProperty("schemas");

    private static readonly Dictionary<string, JsonElement> All =
        File.ReadLines(Path("sql.jsonl")).Concat(File.ReadLines(Path("sql-more.jsonl"))).Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(test => test.GetProperty("id").GetString()!);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var (id, test) in All)
            {
                var dialect = test.GetProperty("dialect").GetString();
                if (dialect is "any" or "sqlite")
                {
                    cases.Add(id, nameof(SqlDialect.Sqlite));
                }

                if (dialect is "any" or "postgres")
                {
                    cases.Add(id, nameof(SqlDialect.PostgreSql));
                }

                if (dialect is "any" or "mysql")
                {
                    cases.Add(id, nameof(SqlDialect.MySql));
                }

                if (dialect is "any" or "tsql")
                {
                    cases.Add(id, nameof(SqlDialect.TSql));
                }

                if (dialect is "any" or "duckdb")
                {
                    cases.Add(id, nameof(SqlDialect.DuckDb));
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Decides_as_expected(string id, string dialect)
    {
        var test = All[id];
        var isDenied = !IsAllowed(test, Enum.Parse<SqlDialect>(dialect));
        var isForLimits = test.TryGetProperty("layer", out var layer) && layer.GetString() == "limits";

        if (test.GetProperty("expect").GetString() == "allow")
        {
            isDenied.Should().BeFalse(test.GetProperty("sql").GetString());
        }
        else if (!isForLimits)
        {
            isDenied.Should().BeTrue(test.GetProperty("sql").GetString());
        }
    }

    [Fact]
    public void Covers_the_corpus() => Cases.Should().HaveCount(3917);

    private static bool IsAllowed(JsonElement test, SqlDialect dialect)
    {
        var schema = SchemaOf(test.GetProperty("schema").GetString()!, dialect);
        var sql = test.GetProperty("sql").GetString()!;
        if (SqlInspector.Inspect(sql, dialect, schema).Facts is not { } facts)
        {
            return false;
        }

        var policy = Policy.Create(builder => builder.LimitPermissions(allow =>
            allow.Database("db", db => Grant(db, test.GetProperty("policy")))));
        using var session = GuardSession.Create(policy, Agent);
        return policy.Decide(
            new DatabaseOperation(Agent, "db", sql, facts, schema.DefaultSchema, string.Empty), session).IsAllowed;
    }

    private static void Grant(DatabaseBuilder database, JsonElement policy)
    {
        foreach (var table in policy.GetProperty("tables").EnumerateObject())
        {
            foreach (var verb in table.Value.EnumerateArray().Select(verb => verb.GetString()))
            {
                _ = verb switch
                {
                    "select" => database.Select(table.Name),
                    "insert" => database.Insert(table.Name),
                    "update" => database.Update(table.Name),
                    "delete" => database.Delete(table.Name),
                    _ => throw new InvalidOperationException($"The corpus names a verb that is not known: {verb}."),
                };
            }
        }

        foreach (var column in Texts(policy, "deny_columns"))
        {
            // A column of a table that is not granted needs no rule.
            var (table, name) = (column[..column.IndexOf('.', StringComparison.Ordinal)], column[(column.IndexOf('.', StringComparison.Ordinal) + 1)..]);
            if (policy.GetProperty("tables").TryGetProperty(table, out _))
            {
                database.DenyColumns(table, name);
            }
        }

        database.Functions([.. Texts(policy, "functions")]);
    }

    private static IEnumerable<string> Texts(JsonElement policy, string name) =>
        policy.TryGetProperty(name, out var values) ? values.EnumerateArray().Select(value => value.GetString()!) : [];

    private static SqlSchema SchemaOf(string name, SqlDialect dialect)
    {
        var owner = dialect switch { SqlDialect.Sqlite or SqlDialect.DuckDb => "main", SqlDialect.MySql => "shop", SqlDialect.TSql => "dbo", _ => "public" };
        var tables = Schemas.GetProperty(name).GetProperty("tables").EnumerateObject()
            .Select(table => new SqlTable(owner, table.Name, table.Value.EnumerateArray().Select(column => column.GetString()!)))
            .ToList();
        if (name == "shop")
        {
            tables.Add(new SqlTable(owner, "v_order_totals", ["customer_id", "n", "paid"], isView: true));
            tables.Add(new SqlTable(owner, "v_keys", ["owner", "v"], isView: true));
        }

        return new SqlSchema(dialect, tables, ["order_total", "purge_orders", "get_key"], defaultSchema: owner);
    }

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Path(file))).RootElement;

    private static string Path(string file) => System.IO.Path.Combine(AppContext.BaseDirectory, "Corpora", file);
}
