using System.IO.Compression;
using System.Text;
using LangGuard.Data;
using LangGuard.Tests.Data;

namespace LangGuard.Tests.Misuse.Secrets;

/// <summary>A row is read by others: known secrets do not go into one.</summary>
public sealed class SecretRowTests : IDisposable
{
    private const string Value = "correct-horse-7";
    private const string Token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
    private const string Insert = "INSERT INTO notes (v) VALUES (@v)";

    private readonly ShopFixture _shop = new();

    public SecretRowTests() => _shop.Run("CREATE TABLE notes (id INTEGER PRIMARY KEY, v)");

    public static TheoryData<string, object?> Carrying => new()
    {
        { $"INSERT INTO notes (v) VALUES ('key {Token}')", null },
        { $"INSERT INTO notes (v) VALUES (X'{Convert.ToHexString(Encoding.UTF8.GetBytes(Value))}')", null },
        { $"UPDATE notes SET v = '{Convert.ToBase64String(Encoding.UTF8.GetBytes("of us: " + Token))}' WHERE id = 1", null },
        { Insert, Value },
        { Insert, $"my password={Token}" },
        { Insert, new string([.. Value.Reverse()]) },
        { Insert, Encoding.UTF8.GetBytes(Token) },
        { Insert, Packed(Token) },
        { $"DELETE FROM notes WHERE v = '{Token}' RETURNING v", null },
    };

    public void Dispose() => _shop.Dispose();

    [Theory]
    [MemberData(nameof(Carrying))]
    public void A_secret_does_not_go_into_a_row(string sql, object? value)
    {
        _shop.Run("INSERT INTO notes VALUES (1, 'old')");
        var act = () => Run(sql, value);
        act.Should().Throw<DbAccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("secrets.outgoing");
        _shop.Ask("SELECT group_concat(v) FROM notes").Should().Be("old");

        Run(sql, value, policy => policy.AnticipateMisuse(misuse => misuse.UnguardedSecrets())); // The control: it works where nobody looks.
    }

    [Fact]
    public void A_canary_in_a_row_freezes_the_session()
    {
        var act = () => Run(Insert, "canary-of-the-archive-91", policy => policy.AnticipateMisuse(misuse =>
            misuse.PlantCanaryValue("canary-of-the-archive-91")));
        act.Should().Throw<DbAccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("misuse.frozen");
        _shop.Ask("SELECT count(*) FROM notes").Should().Be(0L);
    }

    [Theory]
    [InlineData("the password policy asks for ten characters")]
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c3301")]
    [InlineData("see https://api.test/v1/orders?page=2&sig=short")]
    public void Ordinary_text_goes_into_a_row(string text)
    {
        Run(Insert, text);
        _shop.Ask("SELECT v FROM notes").Should().Be(text);
    }

    [Fact]
    public void A_query_may_name_what_it_looks_for()
    {
        _shop.Run($"INSERT INTO notes VALUES (1, '{Token}')");
        Run($"SELECT count(*) FROM notes WHERE v = '{Token}'", null).Should().Be(1L);
    }

    private static byte[] Packed(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private object? Run(string sql, object? value, Action<PolicyBuilder>? more = null)
    {
        using var session = _shop.Session(
            db => db.Select("notes").Insert("notes").Update("notes").Delete("notes"),
            policy =>
            {
                policy.DefendInDepth(defense => defense.RedactValues(Value));
                more?.Invoke(policy);
            });
        using var connection = session.Database("shop").OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (value is not null)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@v", value);
            command.Parameters.Add(parameter);
        }

        return command.ExecuteScalar();
    }
}
