using LangGuard.Auditing;
using LangGuard.PostgreSql.Auditing;
using LangGuard.Tests.Data;
using Npgsql;

namespace LangGuard.Tests.Auditing;

public sealed class PostgreSqlAuditTests : AuditTableTests, IDisposable
{
    private readonly PostgreSqlShop _shop = new();

    private protected override string Place => "test:" + _shop.Owner;

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void A_connection_string_that_can_not_be_read_is_an_error_without_its_text()
    {
        var build = () => Policy.Create(policy => policy.DefendInDepth(defense => defense.Audit(audit => audit.ToPostgreSql("Password=hunter2;Nonsense=1"))));
        build.Should().Throw<PolicyValidationException>().Which.Message.Should().NotContain("hunter2");
    }

    [Fact]
    public void A_server_that_is_away_is_an_error_without_its_address()
    {
        var build = () => Policy.Create(policy => policy.DefendInDepth(defense =>
            defense.Audit(audit => audit.ToPostgreSql("Host=127.0.0.1;Port=1;Username=u;Password=hunter2"))));
        build.Should().Throw<PolicyValidationException>().Which.Message.Should().NotContainAny("hunter2", "127.0.0.1");
    }

    private static NpgsqlConnectionStringBuilder Settings(string text) => PostgreSqlAuditTable.Settings(text);

    private protected override IAuditTable Table() => new PostgreSqlAuditTable(Settings(_shop.Owner));

    private protected override IAuditTable ReadTable()
    {
        var table = new PostgreSqlAuditTable(Settings(_shop.Owner));
        table.OpenToRead();
        return table;
    }

    private protected override AuditReport Verify(AuditTrust trust) => PostgreSqlAudit.Verify(_shop.Owner, trust);

    private protected override IDisposable Hold()
    {
        var connection = new NpgsqlConnection(_shop.Owner + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand("BEGIN; LOCK TABLE langguard_audit IN ACCESS EXCLUSIVE MODE", connection);
        command.ExecuteNonQuery();
        return connection;
    }

    private protected override void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(_shop.Owner);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private protected override void Break() => Execute("ALTER TABLE langguard_audit ADD CONSTRAINT broken CHECK (number < 0) NOT VALID");

    private protected override void Mend() => Execute("ALTER TABLE langguard_audit DROP CONSTRAINT broken");
}
