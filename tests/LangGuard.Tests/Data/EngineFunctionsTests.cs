using DuckDB.NET.Data;
using LangGuard.Data;
using LangGuard.DuckDb;
using LangGuard.MySql;
using LangGuard.Permissions;
using LangGuard.Tests.Data.Sql;
using MySqlConnector;

namespace LangGuard.Tests.Data;

/// <summary>Every function that an engine has today: on the list of the harmless, or refused by name, or looked at here. A new version of
/// the engine may bring others: they are denied, and this says which they are.</summary>
public sealed class EngineFunctionsTests
{
    /// <summary>What does nothing but is of no use to a statement either: parts of the engine, raw states, types by name.</summary>
    private static readonly string[] OfNoUse =
    [
        "alias", "can_cast_implicitly", "cast_to_type", "combine", "constant_or_null", "create_sort_key", "error", "finalize", "get_type",
        "is_histogram_other_bin", "make_type", "pg_size_pretty", "remap_struct", "replace_type", "show", "summary", "timetz_byte_comparable",
        "unpivot_list", "variant_bytes_to_variant", "variant_normalize", "variant_to_parquet_variant",
    ];

    /// <summary>Words that the grammar knows, and names that MariaDB gives to functions in another mode.</summary>
    private static readonly string[] OfTheGrammar =
    [
        "add_months", "cast", "concat_operator_oracle", "decode_oracle", "extract", "lpad_oracle", "ltrim_oracle", "replace_oracle",
        "rpad_oracle", "rtrim_oracle", "substr_oracle", "trim_oracle",
    ];

    [Fact]
    public void Every_function_of_DuckDB_is_known()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT lower(function_name) FROM duckdb_functions()";
        var names = Read(command.ExecuteReader()).FindAll(name => char.IsAsciiLetter(name[0]));

        names.Should().HaveCountGreaterThan(800);
        Unknown(names, SqlDialect.DuckDb, DuckDbEngineNames.All)
            .Where(name => !name.StartsWith("icu_collate_", StringComparison.Ordinal)).Except(OfNoUse).Should().BeEmpty();
        Allowed(names, SqlDialect.DuckDb).Should().BeEmpty("what is on no list is denied");
    }

    [Fact]
    public void Every_function_of_MariaDB_is_known()
    {
        using var shop = new MySqlShop();
        using var connection = new MySqlConnection(shop.Server);
        connection.Open();
        using var command = new MySqlCommand(
            "SELECT count(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME = 'SQL_FUNCTIONS'", connection);
        var hasList = Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) > 0;
        command.CommandText = hasList ? "SELECT lower(FUNCTION) FROM information_schema.SQL_FUNCTIONS" : "SELECT 'sleep'";
        var names = Read(command.ExecuteReader());

        names.Should().HaveCountGreaterThan(hasList ? 200 : 0, "MySQL has no such list");
        Unknown(names, SqlDialect.MySql, MySqlEngineNames.All).Except(OfTheGrammar).Should().BeEmpty();
        Allowed(names, SqlDialect.MySql).Should().BeEmpty("what is on no list is denied");
    }

    /// <summary>Those on no list of ours.</summary>
    private static IEnumerable<string> Unknown(IReadOnlyList<string> names, SqlDialect dialect, EngineNames refused) =>
        names.Where(name => !SqlLanguage.For(dialect).IsBuiltIn(name)
            && refused.Check($"SELECT {name}(1)", new DatabaseScope(new DatabaseOptions())) is null);

    /// <summary>Those that are not harmless, and that the inspector takes for harmless all the same.</summary>
    private static IEnumerable<string> Allowed(IReadOnlyList<string> names, SqlDialect dialect) =>
        from name in names
        where !SqlLanguage.For(dialect).IsBuiltIn(name)
        from text in (string[])[$"SELECT {name}(1)", $"SELECT {name}('a', 'b')", $"SELECT {name}()", $"SELECT x FROM {name}('a') AS t(x)"]
        where SqlShop.Inspect(text, dialect).Facts is { } facts && facts.Functions.All(function => function.IsBuiltIn)
        select text;

    private static List<string> Read(System.Data.Common.DbDataReader reader)
    {
        using (reader)
        {
            var names = new List<string>();
            while (reader.Read())
            {
                names.Add(reader.GetString(0));
            }

            return names;
        }
    }
}
