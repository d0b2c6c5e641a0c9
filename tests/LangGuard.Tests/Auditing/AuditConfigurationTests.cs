using LangGuard.Auditing;
using LangGuard.Tests.Data;
using LangGuard.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace LangGuard.Tests.Auditing;

/// <summary>The audit's databases, named by configuration.</summary>
public sealed class AuditConfigurationTests : IDisposable
{
    private const string Sqlite = "LangGuard:Default:DefendInDepth:Audit:SqlitePath";
    private const string PostgreSql = "LangGuard:Default:DefendInDepth:Audit:PostgreSqlConnection";
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-audit-");

    private string File => Path.Combine(_temp.FullName, "audit.db");

    public void Dispose() => _temp.Delete(recursive: true);

    [Fact]
    public void A_path_is_where_a_policy_records()
    {
        using (var session = GuardSession.Create(Build(Sqlite, File, audit => audit.ToSqlite()), new Principal("alice")))
        {
            session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeFalse();
        }

        SqliteAudit.Verify(File, new AuditTrust()).Records.Should().BeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public void A_connection_string_is_where_a_policy_records()
    {
        using var shop = new PostgreSqlShop();
        using (var session = GuardSession.Create(Build(PostgreSql, shop.Owner, audit => audit.ToPostgreSql()), new Principal("alice")))
        {
            session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeFalse();
        }

        PostgreSqlAudit.Verify(shop.Owner, new AuditTrust()).Records.Should().BeGreaterThanOrEqualTo(1);
    }

    [Theory]
    [InlineData("audit.db", "not absolute")]
    [InlineData("/no/such/folder/audit.db", "does not exist")]
    public void A_bad_path_is_an_error(string path, string message)
    {
        var build = () => Build(Sqlite, path, audit => audit.ToSqlite());

        build.Should().Throw<PolicyValidationException>().WithMessage($"*{message}*");
    }

    [Theory]
    [InlineData("Password=hunter2;Nonsense=1", "can not be read")]
    [InlineData("Host=127.0.0.1;Port=1;Username=u;Password=hunter2", "DefendInDepth:Audit")]
    public void A_bad_connection_string_is_an_error_without_its_text(string text, string message)
    {
        var build = () => Build(PostgreSql, text, audit => audit.ToPostgreSql());

        build.Should().Throw<PolicyValidationException>().WithMessage($"*{message}*").Which.Message.Should().NotContainAny("hunter2", "127.0.0.1");
    }

    [Theory]
    [InlineData(Sqlite, "/var/lib/support/audit.db", "ToSqlite()")]
    [InlineData(PostgreSql, "Host=db;Password=hunter2", "ToPostgreSql()")]
    public void A_setting_that_nothing_opens_is_an_error_that_names_the_call(string key, string value, string call)
    {
        var build = () => Build(key, value, audit => audit);

        build.Should().Throw<PolicyValidationException>().WithMessage($"*{call}*").Which.Message.Should().NotContain("hunter2");
    }

    [Fact]
    public void A_call_without_a_setting_is_an_error()
    {
        var build = () => Build("LangGuard:Default:DefendInDepth:Audit:Mode", "Durable", audit => audit.ToSqlite());

        build.Should().Throw<PolicyValidationException>().WithMessage("*SqlitePath*");
    }

    [Fact]
    public void The_agent_can_not_reach_the_database_through_a_root()
    {
        var build = () => Policy.Create(policy =>
        {
            policy.Options.DefendInDepth.Audit.SqlitePath = File;
            policy.LimitPermissions(allow => allow.Files("kb", _temp.FullName, files => files.Read("**")))
                .DefendInDepth(defense => defense.Audit(audit => audit.ToSqlite()));
        });

        build.Should().Throw<PolicyValidationException>().WithMessage("*overlaps*");
    }

    private static Policy Build(string key, string value, Func<AuditBuilder, AuditBuilder> audit)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        return Policy.Create(policy => policy
            .FromConfiguration(configuration.GetSection("LangGuard:Default"))
            .DefendInDepth(defense => defense.Audit(builder => { audit(builder); })));
    }
}
