using System.Diagnostics;
using LangGuard.Data;
using LangGuard.DuckDb;

namespace LangGuard.Tests.Data;

/// <summary>What a file holds and allows beyond the policy, and the script that makes a file without it.</summary>
public sealed class DuckDbRightsTests : IDisposable
{
    private readonly DuckDbFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void The_audit_finds_what_the_policy_does_not_need()
    {
        var findings = DuckDbCredentialAudit.Run(_file.Path, DuckDbFile.PolicyOf(db => db.Select("orders", "customers").Functions("take")), "shop");

        findings.Select(found => $"{found.Right} {found.On}").Should().Contain("SELECT main.secrets", "SELECT main.open_orders", "MACRO taken")
            .And.NotContain("SELECT main.orders", "MACRO take");
        findings.Select(found => found.Right).Should().Contain("WRITE by this process");
    }

    [Fact]
    public void The_audit_finds_whoever_can_change_the_file_without_a_statement()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // There are no such modes.
        }

        var policy = DuckDbFile.PolicyOf(db => db.Select("orders", "customers", "secrets", "open_orders").Update("orders").Functions("take", "taken"));
        Modes(_file.Folder, "700");
        Modes(_file.Path, "600");
        DuckDbCredentialAudit.Run(_file.Path, policy, "shop").Should().BeEmpty();

        Modes(_file.Folder, "777");
        Modes(_file.Path, "666");
        DuckDbCredentialAudit.Run(_file.Path, policy, "shop").Select(found => $"{found.Right} {found.On}").Should().BeEquivalentTo(
            "WRITE by the group the file", "WRITE by others the file", "READ by others the file", "WRITE by the group the folder",
            "WRITE by others the folder");
    }

    [Fact]
    public void A_file_with_too_much_in_it_is_refused_where_the_policy_says_so()
    {
        using var session = GuardSession.Create(
            Policy.Create(policy => policy.LimitPermissions(allow => allow.Database(
                "shop", db => db.UseDuckDb(_file.Path, ExcessRights.Refuse).Select("orders")))),
            new Principal("agent"));

        session.Invoking(s => s.Database("shop").OpenConnection()).Should().Throw<DbAccessDeniedException>()
            .Which.Decision.Reason!.Rule.Should().Be("database.excess-rights");
    }

    [Fact]
    public void The_script_makes_a_file_with_what_the_policy_grants_and_no_more()
    {
        _file.Run(
            "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')", "CREATE SCHEMA other", "CREATE TABLE other.\"odd \"\"name\" (\"a b\" mood, l INTEGER[])",
            "INSERT INTO other.\"odd \"\"name\" VALUES ('it''s ok', [1, 2])");
        var target = _file.Outside("less.duckdb");
        var policy = DuckDbFile.PolicyOf(db => db.Select("orders", "customers", "open_orders", "other.odd \"name").Update("orders")
            .DenyColumns("customers", "email").RowsOfTenant("orders", "tenant").Functions("take"));

        var script = DuckDbExtractScript.Create(_file.Path, policy, "shop", target, new Principal("agent", "blue"));
        DuckDbFile.Execute(_file.Copy(), script);

        DuckDbFile.Ask(target, "SELECT string_agg(table_name, ',' ORDER BY table_name) FROM duckdb_tables()").Should().Be("customers,odd \"name,open_orders,orders");
        DuckDbFile.Ask(target, "SELECT string_agg(o::VARCHAR, ',') FROM orders o").Should().Contain("'id': 1").And.NotContain("'id': 2").And.NotContain("red");
        DuckDbFile.Ask(target, "SELECT count(name) || '|' || count(email) FROM customers").Should().Be("2|0");
        DuckDbFile.Ask(target, "SELECT \"a b\"::VARCHAR || l::VARCHAR FROM other.\"odd \"\"name\"").Should().Be("it's ok[1, 2]");
        DuckDbFile.Ask(target, "SELECT string_agg(function_name, ',') FROM duckdb_functions() WHERE NOT internal").Should().Be("take");
        File.ReadAllText(target, System.Text.Encoding.Latin1).Should().NotContain("CANARY").And.NotContain("ada@example.org");
        FluentActions.Invoking(() => DuckDbExtractScript.Create(_file.Path, policy, "shop", target, new Principal("agent")))
            .Should().Throw<ArgumentException>("the rows depend on the tenant");
    }

    private static void Modes(string path, string mode)
    {
        using var chmod = Process.Start("chmod", [mode, path])!;
        chmod.WaitForExit();
    }
}
