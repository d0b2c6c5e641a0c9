using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LangGuard.Tests.Sandbox;

/// <summary>A process without any guard, in the sandbox that a policy asks for: the second wall alone.</summary>
public sealed class SandboxedProcessTests : IDisposable
{
    // Not beneath /tmp, which the sandbox replaces as a whole: a file outside must be hidden for its own sake.
    private readonly string _folder = Directory.CreateDirectory(Path.Combine("/var/tmp", "langguard-" + Path.GetRandomFileName())).FullName;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SandboxedProcessTests()
    {
        Directory.CreateDirectory(Readable);
        Directory.CreateDirectory(Writable);
        File.WriteAllText(Path.Combine(Readable, "note.md"), "a note");
        File.WriteAllText(Outside, "canary");

        // The user of the sandbox is another one than ours unless we are nobody special.
        File.SetUnixFileMode(_folder, Everybody);
        File.SetUnixFileMode(Writable, Everybody);
        _listener.Start();
    }

    private const UnixFileMode Everybody = (UnixFileMode)0x1FF;

    private string Readable => Path.Combine(_folder, "library");

    private string Writable => Path.Combine(_folder, "reports");

    private string Outside => Path.Combine(_folder, "canary.txt");

    [Fact]
    public void Only_what_the_policy_names_is_there()
    {
        var plan = Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Files("library", Readable, files => files.Read("**"))
            .Files("reports", Writable, files => files.Read("**").Write("**")))).PlanSandbox();

        var (code, seen, errors) = Run("bwrap", plan.ToBubblewrap(Command));
        if (code != 0)
        {
            // A container that lets nobody make namespaces: no sandbox, and nothing runs without it.
            errors.ToUpperInvariant().Should().MatchRegex("NAMESPACE|OPERATION NOT PERMITTED|PERMISSION DENIED|NO PERMISSIONS|PIVOT_ROOT");
            seen.Should().BeEmpty();
            File.ReadAllText(Path.Combine(Readable, "note.md")).Should().Be("a note");
            return;
        }

        seen["read in the readable root"].Should().Be("yes");
        seen["write in the readable root"].Should().Be("no");
        seen["write in the writable root"].Should().Be("yes");
        seen["read outside"].Should().Be("no");
        seen["write outside"].Should().Be("no");
        seen["write on the root file system"].Should().Be("no");
        seen["connect"].Should().Be("no");
        seen.Where(line => line.Key.StartsWith("posture.", StringComparison.Ordinal)).Should().HaveCount(9).And
            .OnlyContain(line => line.Value == "yes");
        File.ReadAllText(Path.Combine(Readable, "note.md")).Should().Be("a note");
        File.ReadAllText(Path.Combine(Writable, "report.md")).Should().Be("changed");
        File.ReadAllText(Outside).Should().Be("canary");
    }

    [Fact]
    public void Without_the_sandbox_the_same_process_reaches_everything()
    {
        var (code, seen, errors) = Run(Command[0], Command[1..]);

        code.Should().Be(0, errors);
        seen["write in the readable root"].Should().Be("yes");
        seen["read outside"].Should().Be("yes");
        seen["write outside"].Should().Be("yes");
        seen["connect"].Should().Be("yes");
    }

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The program behind whatever link the path finds.</summary>
    private static string Dotnet => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    private string[] Command =>
    [
        Dotnet, "exec", Path.Combine(AppContext.BaseDirectory, "LangGuard.CrashRunner.dll"), "sandbox",
        Readable, Writable, Outside, ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture),
    ];

    private static (int Code, Dictionary<string, string> Seen, string Errors) Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var seen = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2)).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        return (process.ExitCode, seen, errors.Result);
    }
}
