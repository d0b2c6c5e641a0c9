using System.Security.Cryptography;
using System.Text;
using LangGuard.Ablation;
using LangGuard.Auditing;
using LangGuard.SecurityTests.Redaction;
using LangGuard.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>The real things of one scenario: a folder, a SQLite database, hosts on loopback, an audit. Knows what it was before.</summary>
internal sealed class ScenarioWorld : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("langguard-scenario-");
    private readonly Scenario _scenario;
    private Dictionary<string, string> _before = [];

    private ScenarioWorld(Scenario scenario)
    {
        _scenario = scenario;
        Hosts = new FakeHosts(scenario.AnswerAsync);
    }

    internal string Folder => _folder.FullName;

    internal FakeHosts Hosts { get; }

    internal int Port => Hosts.Port;

    internal string DatabaseFile => At("data/app.db");

    internal RecordingAuditSink Audit { get; } = new();

    internal GuardSession? Session { get; private set; }

    internal static async Task<ScenarioWorld> CreateAsync(Scenario scenario)
    {
        var world = new ScenarioWorld(scenario);
        await world.Hosts.StartAsync();
        Directory.CreateDirectory(world.At("data"));
        scenario.Plant(world);
        world._before = world.Snapshot();
        return world;
    }

    internal string At(string path) => Path.Combine(Folder, path);

    internal void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }

    internal object? Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    /// <summary>Runs the script behind the guard, or behind the guard without one of its walls.</summary>
    internal async Task<ScenarioRun> RunGuardedAsync(Wall? off = null, Action<PolicyBuilder>? more = null)
    {
        var policy = Policy.Create(guard =>
        {
            if (off is { } wall)
            {
                guard.SwitchOff(wall);
            }

            _scenario.Allow(guard, this);
            guard.DefendInDepth(defense => defense.Audit(Audit).UseAddressResolver(Hosts).AllowUnguardedListener(Port));
            more?.Invoke(guard);
        });
        using var session = Session = GuardSession.Create(policy, new Principal("ada", "contoso"));
        return await RunAsync(client => client.UseLangGuard(session), session.GetTools());
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

        foreach (var text in _scenario.Hidden.Concat(_scenario.Inside))
        {
            harm.AddRange(Hosts.Requests.Where(request => Disclosure.Find(request, text) is not null).Select(request => $"left: {request.Split('\n')[0]}"));
        }

        foreach (var text in _scenario.Hidden)
        {
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
        await Hosts.DisposeAsync();
        _folder.Delete(recursive: true);
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

    private async Task<ScenarioRun> RunAsync(Func<ChatClientBuilder, ChatClientBuilder> guard, IEnumerable<AITool> tools)
    {
        using var model = new ScriptedModel(_scenario.Script(this));
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

        if (File.Exists(DatabaseFile))
        {
            all["rows"] = Dump();
        }

        return all;
    }

    private static bool IsRegular(FileInfo file) => (file.Attributes & (FileAttributes.Device | FileAttributes.ReparsePoint)) == 0 && file.Length > 0;

    private string Dump()
    {
        var text = new StringBuilder();
        using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False;Mode=ReadOnly");
        connection.Open();
        using var tables = connection.CreateCommand();
        tables.CommandText = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1";
        using (var reader = tables.ExecuteReader())
        {
            while (reader.Read())
            {
                text.AppendLine(reader.GetString(0));
            }
        }

        foreach (var table in text.ToString().Split('\n').Where(line => line.StartsWith("table ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]))
        {
            using var rows = connection.CreateCommand();
#pragma warning disable CA2100 // A name from the catalog of the test's own database.
            rows.CommandText = $"SELECT * FROM \"{table}\" ORDER BY 1";
#pragma warning restore CA2100
            using var reader = rows.ExecuteReader();
            while (reader.Read())
            {
                text.Append(table).Append(": ").AppendJoin('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))).AppendLine();
            }
        }

        return text.ToString();
    }
}
