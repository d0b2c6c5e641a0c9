using LangGuard.Auditing;

namespace LangGuard.Tests.Auditing;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class AuditPlaceTests : IDisposable
{
    private readonly AuditWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void The_builder_opens_the_file()
    {
        var policy = Policy.Create(builder => builder.DefendInDepth(defense => defense.Audit(audit => audit.ToFile(_world.Folder))));
        var sink = policy.Dependencies.AuditSinks.Should().ContainSingle().Which.Should().BeOfType<AuditFile>().Which;
        sink.Dispose();
        AuditVerifier.Verify(_world.Folder).IsIntact.Should().BeTrue();
    }

    [Theory]
    [InlineData("audit", "audit")]
    [InlineData("audit", "audit/inner")]
    [InlineData("root/audit", "root")]
    [InlineData("link/audit", "root")]
    [InlineData("root/audit", "link")]
    public void A_place_that_a_root_shares_is_an_error(string audit, string root)
    {
        Directory.CreateDirectory(Path.Combine(_world.Temp, "root", "audit"));
        Directory.CreateDirectory(Path.Combine(_world.Temp, "audit", "inner"));
        Directory.CreateSymbolicLink(Path.Combine(_world.Temp, "link"), Path.Combine(_world.Temp, "root"));
        var options = new PolicyOptions();
        options.DefendInDepth.Audit.Folder = Path.Combine(_world.Temp, audit);
        options.LimitPermissions.Files["kb"] = new Permissions.FileRootOptions { Root = Path.Combine(_world.Temp, root) };
        var errors = new PolicyErrors();
        AuditFiles.Validate(options, errors);
        errors.All.Should().ContainSingle().Which.Problem.Should().Contain("'kb'");
    }

    [Fact]
    public void A_place_beside_a_root_with_the_same_beginning_is_fine()
    {
        var options = new PolicyOptions();
        options.DefendInDepth.Audit.Folder = Path.Combine(_world.Temp, "root-audit");
        options.LimitPermissions.Files["kb"] = new Permissions.FileRootOptions { Root = Path.Combine(_world.Temp, "root") };
        var errors = new PolicyErrors();
        AuditFiles.Validate(options, errors);
        errors.All.Should().BeEmpty();
    }

    [Theory]
    [InlineData("/srv/audit", true)]
    [InlineData("/srv", true)]
    [InlineData("/srv/audit/inner", true)]
    [InlineData("/srv/other", false)]
    public void A_place_that_a_mount_shows_beneath_a_root_is_an_error(string mounted, bool isShown)
    {
        var mounts = LangGuard.Files.MountTable.Parse(
        [
            "22 1 8:1 / / rw - ext4 /dev/sda1 rw",
            $"40 22 8:1 {mounted} /work/kb/view rw - ext4 /dev/sda1 rw",
        ]);
        var options = new PolicyOptions();
        options.DefendInDepth.Audit.Folder = "/srv/audit";
        options.LimitPermissions.Files["kb"] = new Permissions.FileRootOptions { Root = "/work/kb" };
        var errors = new PolicyErrors();
        AuditFiles.Validate(options, errors, mounts);
        errors.All.Should().HaveCount(isShown ? 1 : 0);
    }

    [Fact]
    public void A_folder_that_is_a_link_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_world.Temp, "elsewhere"));
        Directory.CreateSymbolicLink(_world.Folder, Path.Combine(_world.Temp, "elsewhere"));
        _world.Invoking(world => world.Open()).Should().Throw<IOException>().WithMessage("*link*");
    }

    [Fact]
    public void A_folder_that_others_may_write_is_refused()
    {
        Directory.CreateDirectory(_world.Folder);
        File.SetUnixFileMode(_world.Folder, (UnixFileMode)0b111_111_111);
        _world.Invoking(world => world.Open()).Should().Throw<IOException>().WithMessage("*Others*");
    }

    [Theory]
    [InlineData("lock")]
    [InlineData("checkpoints")]
    [InlineData("signing-key")]
    public void A_file_in_the_folder_that_is_a_link_is_refused(string name)
    {
        Directory.CreateDirectory(_world.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var target = Path.Combine(_world.Temp, "target");
        File.WriteAllText(target, "untouched");
        File.CreateSymbolicLink(Path.Combine(_world.Folder, name), target);
        try
        {
            _world.Open().Dispose();
        }
        catch (IOException)
        {
        }

        File.ReadAllText(target).Should().Be("untouched");
    }

    [Fact]
    public void The_folder_is_made_for_its_owner_alone()
    {
        _world.Open().Dispose();
        File.GetUnixFileMode(_world.Folder).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Path.Combine(_world.Folder, "signing-key")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void A_relative_place_is_an_error()
    {
        var act = () => Policy.Create(builder => builder.DefendInDepth(defense => defense.Audit(audit => audit.ToFile("audit"))));
        act.Should().Throw<PolicyValidationException>();
    }
}
