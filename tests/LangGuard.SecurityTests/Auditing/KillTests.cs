using System.Diagnostics;
using System.Globalization;
using LangGuard.Auditing;
using Xunit.Abstractions;

namespace LangGuard.SecurityTests.Auditing;

public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>More rounds: <c>LANGGUARD_KILL_ROUNDS=200</c>.</summary>
    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("LANGGUARD_KILL_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) ? rounds : 12;

    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-kill-");

    public void Dispose() => _temp.Delete(recursive: true);

    [Fact]
    public async Task A_killed_process_leaves_no_effect_without_an_intent()
    {
        var audit = Path.Combine(_temp.FullName, "audit");
        var effects = _temp.CreateSubdirectory("effects").FullName;
        var random = new Random(Rounds);
        var (killed, unknown) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            using var writer = Start(audit, effects);
            (await writer.StandardOutput.ReadLineAsync()).Should().Be("ready", await Errors(writer));
            for (var lines = random.Next(1, 12); lines > 0; lines--)
            {
                (await writer.StandardOutput.ReadLineAsync()).Should().NotBeNull();
            }

            writer.Kill();
            await writer.WaitForExitAsync();
            var report = AuditVerifier.Verify(audit);
            report.IsIntact.Should().BeTrue();
            killed += 1;
            unknown += report.UnknownOutcomes.Count;
            var intents = Intents(audit);
            var done = Directory.GetFiles(effects).Select(Path.GetFileName).ToList();
            done.Where(name => !intents.Contains(name!)).Should().BeEmpty("every effect was recorded before it happened");
            done.Should().HaveCountGreaterThanOrEqualTo(round);
        }

        using (new AuditFile(new AuditOptions { Folder = audit }))
        {
        }

        var last = AuditVerifier.Verify(audit);
        last.UnknownOutcomes.Should().BeEmpty("what was open is recorded as unknown");
        output.WriteLine($"{killed} kills, {Directory.GetFiles(effects).Length} effects, 0 without an intent, {unknown} outcomes unknown, {last.Records} records.");
    }

    [Fact]
    public async Task A_process_that_is_killed_while_it_begins_lets_the_next_one_begin()
    {
        var effects = _temp.CreateSubdirectory("effects").FullName;
        var random = new Random(Rounds);
        var states = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            var audit = Path.Combine(_temp.FullName, $"audit{round}");
            using var writer = Start(audit, effects);
            SpinWait.SpinUntil(() => Directory.Exists(audit), TimeSpan.FromMinutes(1)).Should().BeTrue();

            // Somewhere among the folder, the lock, the key and the first record.
            for (var spins = random.Next(0, 200_000); spins > 0; spins--)
            {
                Thread.SpinWait(10);
            }

            writer.Kill();
            await writer.WaitForExitAsync();
            var left = string.Join(' ', Directory.GetFiles(audit).Select(file => $"{Path.GetFileName(file)}{(new FileInfo(file).Length == 0 ? "(empty)" : "")}").Order());
            states[left] = states.GetValueOrDefault(left) + 1;
            new AuditFile(new AuditOptions { Folder = audit }).Dispose();
            AuditVerifier.Verify(audit).IsIntact.Should().BeTrue(left);
        }

        foreach (var (left, count) in states)
        {
            output.WriteLine($"{count} times: {left}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_limit_on_the_size_of_files_denies_and_does_not_end_the_host(bool isLimited)
    {
        const int Limit = 65_536;
        var audit = Path.Combine(_temp.FullName, "audit");
        var effects = _temp.CreateSubdirectory("effects").FullName;
        using var writer = Start(audit, effects);
        (await writer.StandardOutput.ReadLineAsync()).Should().Be("ready", await Errors(writer));
        if (isLimited)
        {
            using var limit = Process.Start("prlimit", ["--pid", $"{writer.Id}", $"--fsize={Limit}"]);
            await limit.WaitForExitAsync();
            limit.ExitCode.Should().Be(0);
            (await writer.StandardError.ReadToEndAsync()).Should().Contain(nameof(AccessDeniedException), "the operation after the limit is denied");
            await writer.WaitForExitAsync();

            // The writer does not catch the denial; 153 would be the signal.
            writer.ExitCode.Should().NotBe(153);
        }
        else
        {
            while (await writer.StandardOutput.ReadLineAsync() is { } line && int.Parse(line, CultureInfo.InvariantCulture) < 400)
            {
            }

            writer.Kill();
            await writer.WaitForExitAsync();
        }

        var length = AuditFolder.SegmentsOf(audit).Sum(segment => AuditFolder.Read(segment).TakeWhile((_, i) => i < Limit * 2).Count(b => b != 0));
        var intents = Intents(audit);
        var done = Directory.GetFiles(effects).Select(Path.GetFileName).ToList();
        done.Should().NotBeEmpty().And.OnlyContain(name => intents.Contains(name!));
        AuditVerifier.Verify(audit).IsIntact.Should().BeTrue();
        (length > Limit).Should().Be(!isLimited, "without the limit it goes on");
    }

    [Fact]
    public async Task A_second_process_can_not_write_the_same_file()
    {
        var audit = Path.Combine(_temp.FullName, "audit");
        var effects = _temp.CreateSubdirectory("effects").FullName;
        using var writer = Start(audit, effects);
        (await writer.StandardOutput.ReadLineAsync()).Should().Be("ready");
        try
        {
            var act = () => new AuditFile(new AuditOptions { Folder = audit });
            act.Should().Throw<IOException>().WithMessage("Another process*");
        }
        finally
        {
            writer.Kill();
            await writer.WaitForExitAsync();
        }

        AuditVerifier.Verify(audit).IsIntact.Should().BeTrue();
    }

    private static HashSet<string> Intents(string audit)
    {
        var intents = new HashSet<string>(StringComparer.Ordinal);
        new AuditReader().Read(AuditFolder.SegmentsOf(audit), (_, _, payload) =>
        {
            using var record = System.Text.Json.JsonDocument.Parse(payload.ToArray());
            if (record.RootElement.TryGetProperty("resource", out var resource))
            {
                intents.Add(resource.GetString()!.Split('/')[^1]);
            }
        });
        return intents;
    }

    private static Process Start(string audit, string effects)
    {
        // Beside this project's own output, whatever the configuration.
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var writer = Path.Combine(here.Parent!.Parent!.FullName, "LangGuard.AuditWriter", here.Name, "LangGuard.AuditWriter.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [writer, audit, effects])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" },
        })!;
    }

    private static async Task<string> Errors(Process writer) => writer.HasExited ? await writer.StandardError.ReadToEndAsync() : string.Empty;
}
