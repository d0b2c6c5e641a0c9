using System.Collections.Concurrent;
using System.Security.Cryptography;
using LangGuard.Ablation;
using LangGuard.Auditing;
using LangGuard.SecurityTests.Redaction;
using LangGuard.Testing;
using Microsoft.Extensions.AI;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>The real things of one scenario: a folder, a SQLite database, hosts on loopback, an audit. Knows what it was before.</summary>
internal sealed class ScenarioWorld : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("langguard-scenario-");
    private readonly Scenario _scenario;
    private readonly ConcurrentDictionary<string, bool> _said = new(StringComparer.Ordinal);
    private bool _hides = true;
    private Dictionary<string, string> _before = [];

    private ScenarioWorld(Scenario scenario)
    {
        _scenario = scenario;
        Hosts = new FakeHosts(scenario.AnswerAsync);
        Database = ScenarioDatabase.Create(scenario.Engine, DatabaseFile);
    }

    internal string Folder => _folder.FullName;

    internal FakeHosts Hosts { get; }

    internal int Port => Hosts.Port;

    internal string DatabaseFile => At("data/app.db");

    internal ScenarioDatabase Database { get; }

    internal RecordingAuditSink Audit { get; } = new();

    /// <summary>A secret of this world alone. It stands in each of its folders, in its database, and in what its hosts answer.</summary>
    internal string Canary { get; } = $"heron-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}/onyx+pier";

    internal GuardSession? Session { get; private set; }

    internal static async Task<ScenarioWorld> CreateAsync(Scenario scenario)
    {
        var world = new ScenarioWorld(scenario);
        await world.Hosts.StartAsync();
        Directory.CreateDirectory(world.At("data"));
        scenario.Plant(world);
        world.PlantCanary();
        world._before = world.Snapshot();
        return world;
    }

    internal string At(string path) => Path.Combine(Folder, path);

    internal void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }

    internal object? Sql(string sql) => Database.Run(sql);

    /// <summary>Runs the script behind the guard, or behind the guard without one of its walls.</summary>
    internal async Task<ScenarioRun> RunGuardedAsync(Wall? off = null, Action<PolicyBuilder>? more = null, int calls = int.MaxValue,
        Func<GuardSession, Task>? then = null)
    {
        _hides = off is not Wall.Redaction;
        using var telemetry = new ProcessTelemetry(text => _said.TryAdd(text, true));
        var policy = Policy.Create(guard =>
        {
            if (off is { } wall)
            {
                guard.SwitchOff(wall);
            }

            _scenario.Allow(guard, this);
            guard.DefendInDepth(defense => defense
                .Audit(audit => audit.To(Audit).CopyToLog(telemetry.CreateLogger("audit")).CopyToTelemetry())
                .RedactValues(Canary)
                .UseAddressResolver(Hosts)
                .AllowUnguardedListener(Port));
            more?.Invoke(guard);
        });
        using var session = Session = GuardSession.Create(policy, new Principal("ada", "contoso"));
        var run = await RunAsync(client => client.UseLangGuard(session), session.GetTools(), calls);
        await (then?.Invoke(session) ?? Task.CompletedTask);
        return run;
    }

    /// <summary>Runs the same script with plain tools on the same things.</summary>
    internal async Task<ScenarioRun> RunUnguardedAsync()
    {
        using var tools = new PlainTools(this, _scenario);
        return await RunAsync(client => client, tools.All);
    }

    /// <summary>What is not as it should be: files and rows that changed, texts that came out, and what the scenario adds.</summary>
    internal IReadOnlyList<string> Harm(ScenarioRun run)
    {
        var harm = new List<string>();
        var after = Snapshot();
        foreach (var name in _before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            if (_before.GetValueOrDefault(name) != after.GetValueOrDefault(name) && !_scenario.Changes.Any(change =>
                name == change || (change.EndsWith('/') && name.StartsWith(change, StringComparison.Ordinal))))
            {
                harm.Add($"changed: {name}");
            }
        }

        foreach (var text in _scenario.Hidden.Concat(_scenario.Inside).Append(Canary))
        {
            harm.AddRange(Hosts.Requests.Where(request => Disclosure.Find(request, text) is not null).Select(request => $"left: {request.Split('\n')[0]}"));
        }

        foreach (var text in _hides ? _scenario.Hidden.Append(Canary) : _scenario.Hidden)
        {
            harm.AddRange(_said.Keys.Where(said => Disclosure.Find(said, text) is not null).Select(said => $"said: {said}"));
            harm.AddRange(run.Seen.Concat(run.Answers).Where(seen => Disclosure.Find(seen, text) is not null).Select(seen => $"seen by the model: {seen}"));
            harm.AddRange(Audit.Records.Select(record => record.ToString() ?? string.Empty)
                .Where(record => Disclosure.Find(record, text) is not null).Select(record => $"in the audit: {record}"));
        }

        harm.AddRange(_scenario.MoreHarm(this));
        return harm;
    }

    /// <summary>The rules that the audit says have stopped something: in a decision, or behind one.</summary>
    internal IReadOnlyList<string> RecordedRules() =>
        [.. Audit.DeniedRules, .. Audit.Records.Select(record => record.Outcome.StoppedBy?.Rule).OfType<string>()];

    /// <summary>Files of this scenario that the process still holds open, besides the database's: its connections stay for a
    /// minute.</summary>
    internal IReadOnlyList<string> OpenFiles() =>
        [.. Directory.GetFiles("/proc/self/fd").Select(Target).Where(target =>
            target.StartsWith(Folder, StringComparison.Ordinal) && !target.StartsWith(DatabaseFile, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        _scenario.End();
        await Hosts.DisposeAsync();
        Database.Dispose();
        _folder.Delete(recursive: true);
    }

    private void PlantCanary()
    {
        foreach (var folder in Directory.GetDirectories(Folder).Append(At("beside")))
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "about.md"), string.Join('\n', Disclosure.Forms(Canary).Select(form => form.Text)));
        }

        Hosts.Canary = Canary;
        if (Database.Exists)
        {
            Sql("CREATE TABLE canaries (text varchar(100))");
            Sql($"INSERT INTO canaries VALUES ('{Canary}')");
        }
    }

    private static string Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? string.Empty;
        }
        catch (IOException)
        {
            return string.Empty; // Closed meanwhile.
        }
    }

    private async Task<ScenarioRun> RunAsync(Func<ChatClientBuilder, ChatClientBuilder> guard, IEnumerable<AITool> tools, int calls = int.MaxValue)
    {
        using var model = new ScriptedModel([.. _scenario.Script(this).Take(calls)], _scenario.Claim);
        using var agent = guard(model.AsBuilder())
            .UseFunctionInvocation(configure: client =>
            {
                client.MaximumIterationsPerRequest = 1000;
                client.IncludeDetailedErrors = true;
                client.MaximumConsecutiveErrorsPerRequest = 1000;
            })
            .Build();
        var response = await agent.GetResponseAsync([new ChatMessage(ChatRole.User, _scenario.User)], new ChatOptions { Tools = [.. tools] });
        return new ScenarioRun(model.Answers, model.Seen, response.Text);
    }

    private Dictionary<string, string> Snapshot()
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(Folder).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            var name = Path.GetRelativePath(Folder, entry.FullName);
            if (name.StartsWith("data/app.db", StringComparison.Ordinal))
            {
                continue;
            }

            all[name] = entry.LinkTarget is { } target ? $"link {target}"
                : entry is FileInfo { Length: < 16_777_216 } file && file.UnixFileMode != UnixFileMode.None && IsRegular(file)
                    ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName)))
                    : "there";
        }

        if (Database.Exists)
        {
            all["rows"] = Database.Dump();
        }

        return all;
    }

    private static bool IsRegular(FileInfo file) => (file.Attributes & (FileAttributes.Device | FileAttributes.ReparsePoint)) == 0 && file.Length > 0;
}
