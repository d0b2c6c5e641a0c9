using LangGuard.Auditing;
using LangGuard.Sqlite.Auditing;
using LangGuard.Tests.Support;
using Microsoft.Data.Sqlite;

namespace LangGuard.Tests.Auditing;

public sealed class SqliteAuditTests : AuditTableTests, IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-audit-");

    private string Path => System.IO.Path.Combine(_temp.FullName, "audit.db");

    private protected override string Place => "test:" + Path;

    public void Dispose() => _temp.Delete(recursive: true);

    [Fact]
    public void A_policy_records_in_it()
    {
        using var session = Operations.SessionOf(policy => policy.DefendInDepth(defense => defense.Audit(audit => audit.ToSqlite(Path))));
        session.TryAuthorize(Operations.Call("f")).IsAllowed.Should().BeFalse();
        SqliteAudit.Verify(Path, new AuditTrust()).Records.Should().BeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public void The_agent_can_not_reach_it_through_a_root()
    {
        var build = () => Policy.Create(policy => policy
            .LimitPermissions(allow => allow.Files("kb", _temp.FullName, files => files.Read("**").Write("**")))
            .DefendInDepth(defense => defense.Audit(audit => audit.ToSqlite(Path))));
        build.Should().Throw<PolicyValidationException>().WithMessage("*overlaps*");
    }

    [Fact]
    public void A_link_and_a_folder_of_others_are_refused()
    {
        var real = _temp.CreateSubdirectory("real");
        File.WriteAllText(System.IO.Path.Combine(real.FullName, "x.db"), string.Empty);
        File.CreateSymbolicLink(Path, System.IO.Path.Combine(real.FullName, "x.db"));
        Building().Should().Throw<PolicyValidationException>().WithMessage("*link*");
        File.Delete(Path);
        File.SetUnixFileMode(_temp.FullName, _temp.UnixFileMode | UnixFileMode.OtherWrite);
        Building().Should().Throw<PolicyValidationException>().WithMessage("*Others may write*");
    }

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("delete", false)]
    [InlineData("rename", false)]
    [InlineData("the same content", false)]
    [InlineData("delete the log", false)]
    [InlineData("delete the lock", false)]
    public void Files_that_are_changed_beneath_the_writer_deny(string change, bool isIntact)
    {
        using var sink = new AuditTableSink(Place, Table, new AuditOptions(), new AuditFileSettings());
        using var session = AuditWorld.Session(sink);
        AuditWorld.Act(session, 3);
        switch (change)
        {
            case "delete":
                File.Delete(Path);
                break;
            case "rename":
                File.Move(Path, Path + ".old");
                break;
            case "the same content":
                // In another process: closing a file in this one would let go of SQLite's locks on it.
                System.Diagnostics.Process.Start("cp", [Path, Path + ".copy"]).WaitForExit();
                File.Move(Path + ".copy", Path, overwrite: true);
                break;
            case "delete the log":
                File.Delete(Path + "-wal");
                break;
            case "delete the lock":
                File.Delete(Path + SqliteAuditTable.LockSuffix);
                break;
        }

        for (var i = 0; i < 3; i++)
        {
            var answer = session.TryAuthorize(Operations.Call("f", i == 1 ? Effects.Delete : Effects.Read));
            answer.IsAllowed.Should().Be(isIntact);
            answer.Permit?.Complete(OperationOutcome.Success());
            if (!isIntact)
            {
                answer.Decision.Reason!.Rule.Should().Be("audit.unavailable");
                answer.Decision.Reason.Message.Should().Contain("deleted, renamed or replaced").And.NotContain(_temp.FullName);
            }
        }
    }

    private Func<Policy> Building() => () => Policy.Create(policy => policy.DefendInDepth(defense => defense.Audit(audit => audit.ToSqlite(Path))));

    private protected override IAuditTable Table() => new SqliteAuditTable(Path);

    private protected override IAuditTable ReadTable()
    {
        var table = new SqliteAuditTable(Path);
        table.OpenToRead();
        return table;
    }

    private protected override AuditReport Verify(AuditTrust trust) => SqliteAudit.Verify(Path, trust);

    private protected override IDisposable Hold()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        return connection;
    }

    private protected override void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    // The sink makes a table that is missing; a trigger refuses every record.
    private protected override void Break() =>
        Execute("CREATE TRIGGER broken BEFORE INSERT ON langguard_audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");

    private protected override void Mend() => Execute("DROP TRIGGER broken");
}
