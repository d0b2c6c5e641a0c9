using LangGuard.Posture;

namespace LangGuard.Tests.Posture;

public sealed class PostureChecksTests
{
    private static readonly HostPosture Sandboxed = new()
    {
        Status = new Dictionary<string, string>
        {
            ["Uid"] = "1000\t1000\t1000\t1000", ["CapEff"] = "0000000000000000", ["CapBnd"] = "00000000a80425fb",
            ["NoNewPrivs"] = "1", ["Seccomp"] = "2",
        },
        Mounts =
        [
            HostMount.Parse("1 0 0:50 / / ro,relatime - overlay overlay ro,lowerdir=/a")!,
            HostMount.Parse("2 1 0:51 / /proc rw - proc proc rw")!,
            HostMount.Parse("3 1 8:1 /data /srv/kb rw - ext4 /dev/sda1 rw")!,
        ],
        UserMap = "0 100000 65536",
        Roots = ["/srv/kb"],
        WritableRoots = ["/srv/kb/drafts"],
        OwnPlaces = ["/app", "/var/lib/audit"],
    };

    public static TheoryData<string, HostPosture> Weak => new()
    {
        { "posture.sandbox", Change(("Seccomp", "0"), ("CapBnd", "000001ffffffffff")) with { UserMap = "0 0 4294967295", Mounts = [HostMount.Parse("1 0 8:1 / / ro - ext4 /dev/sda1 ro")!] } },
        { "posture.not-root", Change(("Uid", "0\t0\t0\t0")) },
        { "posture.not-root", Change(("Uid", "1000\t0\t0\t1000")) },
        { "posture.read-only-root", Sandboxed with { Mounts = [HostMount.Parse("1 0 0:50 / / rw - overlay overlay rw")!] } },
        { "posture.no-container-socket", Sandboxed with { ContainerSockets = ["/var/run/docker.sock"] } },
        { "posture.capabilities", Change(("CapEff", "00000000a82425fb")) },
        { "posture.capabilities", Change(("CapEff", "nonsense")) },
        { "posture.no-new-privileges", Change(("NoNewPrivs", "0")) },
        { "posture.mounts", Sandboxed with { Mounts = [.. Sandboxed.Mounts, HostMount.Parse("4 1 8:1 /home /home rw - ext4 /dev/sda1 rw")!] } },
        { "posture.egress-proxy", Sandboxed with { Egress = (true, false) } },
        { "posture.own-places", Sandboxed with { WritableRoots = ["/"] } },
        { "posture.own-places", Sandboxed with { WritableRoots = ["/var/lib"] } },
    };

    [Fact]
    public void A_sandbox_passes_every_check() =>
        PostureChecks.BuiltIn.Should().OnlyContain(check => check.Check(Sandboxed).Passed);

    [Theory]
    [MemberData(nameof(Weak))]
    public void A_weak_place_fails_its_check_and_no_other(string id, HostPosture host) =>
        PostureChecks.BuiltIn.Where(check => !check.Check(host).Passed).Select(check => check.Id).Should().Equal(id);

    [Fact]
    public void Where_the_kernel_says_nothing_nothing_passes_that_needs_it() =>
        PostureChecks.BuiltIn.Where(check => !check.Check(new HostPosture()).Passed).Select(check => check.Id).Should().Contain(
            ["posture.sandbox", "posture.not-root", "posture.read-only-root", "posture.capabilities", "posture.no-new-privileges", "posture.mounts"]);

    [Fact]
    public void An_environment_variable_is_no_evidence()
    {
        Environment.SetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER", "true");
        Environment.SetEnvironmentVariable("container", "podman");
        var plain = Sandboxed with
        {
            Status = new Dictionary<string, string>(), UserMap = "         0          0 4294967295",
            Mounts = [HostMount.Parse("1 0 8:1 / / rw - ext4 /dev/sda1 rw")!],
        };
        PostureChecks.BuiltIn[0].Check(plain).Passed.Should().BeFalse();
    }

    [Fact]
    public void A_required_check_that_fails_keeps_the_policy_from_being_built()
    {
        var act = () => Build(Sandboxed with { ContainerSockets = ["/run/docker.sock"] }, posture => posture.RequireAll());
        act.Should().Throw<PolicyValidationException>().Which.Errors.Should().ContainSingle()
            .Which.Value.Should().Be("posture.no-container-socket");
    }

    [Fact]
    public void What_is_not_required_is_reported()
    {
        var policy = Build(Sandboxed with { ContainerSockets = ["/run/docker.sock"] }, posture => posture.Require("posture.sandbox"));
        policy.CheckPosture().Where(finding => !finding.Passed).Should().ContainSingle()
            .Which.Should().Match<PostureResult>(finding => finding.Check == "posture.no-container-socket" && !finding.IsRequired);
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("is cancelled")]
    [InlineData("says nothing")]
    public void A_check_of_the_host_that_fails_has_not_passed(string how)
    {
        var act = () => Build(Sandboxed, posture => posture.Add(new Throws(how)).Require("test.throws"));
        act.Should().Throw<PolicyValidationException>().Which.Message.Should().NotContain("details");
    }

    [Fact]
    public void An_unknown_check_is_an_error()
    {
        var act = () => Build(Sandboxed, posture => posture.Require("posture.sandbx"));
        act.Should().Throw<PolicyValidationException>();
    }

    [Fact]
    public void This_machine_can_be_looked_at() =>
        Policy.Create(_ => { }).CheckPosture().Should().HaveCount(PostureChecks.BuiltIn.Count);

    private static HostPosture Change(params (string Key, string Value)[] status)
    {
        var changed = new Dictionary<string, string>(Sandboxed.Status);
        foreach (var (key, value) in status)
        {
            changed[key] = value;
        }

        return Sandboxed with { Status = changed };
    }

    private static Policy Build(HostPosture host, Action<PostureBuilder> posture) => Policy.Create(policy =>
    {
        policy.Collect<PostureParts>().Host = host;
        policy.DefendInDepth(defense => defense.CheckPosture(posture));
    });

    private sealed class Throws(string how) : IPostureCheck
    {
        public string Id => "test.throws";

        public PostureResult Check(HostPosture host) => how switch
        {
            "throws" => throw new InvalidOperationException("details"),
            "is cancelled" => throw new OperationCanceledException("details"),
            _ => default,
        };
    }
}
