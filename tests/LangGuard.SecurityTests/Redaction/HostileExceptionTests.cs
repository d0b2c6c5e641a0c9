using System.Text.Json;
using System.Text.RegularExpressions;
using LangGuard.Http;
using LangGuard.Misuse;
using LangGuard.SecurityTests.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;

namespace LangGuard.SecurityTests.Redaction;

/// <summary>Whatever fails beneath a tool, the model learns that it failed, and nothing of how.</summary>
public sealed partial class HostileExceptionTests : IDisposable
{
    private const string Secret = "hunter2-zebra";
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-hostile-");

    public void Dispose()
    {
        if (_temp.Exists)
        {
            _temp.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_function_that_throws_tells_nothing_even_where_a_client_shows_exceptions()
    {
        foreach (var how in CanaryFunction.Ways.Where(way => way.StartsWith("thrown", StringComparison.Ordinal) || way is "cancelled" or "exception as a result" or "error content"))
        {
            using var session = Session(allow => allow.Function("lookup", f => f.Any("how").OnlyReads().Trusted()));
            var model = new Script(how);
            using var client = model.AsBuilder().UseLangGuard(session)
                .UseFunctionInvocation(configure: invoking => invoking.IncludeDetailedErrors = true).Build();

            await client.GetResponseAsync("Go.", new ChatOptions { Tools = [new CanaryFunction(how)] });

            model.Heard.Should().NotBeNull(how);
            model.Heard!.Exception.Should().BeNull(how);
            var text = JsonSerializer.Serialize(model.Heard.Result);
            text.Should().NotContainAny("falcon", "Hostile", "hostile", "   at ");
            text.Should().ContainAny("The function failed.", "langguard removed");
        }
    }

    [Fact]
    public async Task Without_the_guard_the_same_client_shows_it()
    {
        var model = new Script("thrown");
        using var client = model.AsBuilder().UseFunctionInvocation(configure: invoking => invoking.IncludeDetailedErrors = true).Build();
        await client.GetResponseAsync("Go.", new ChatOptions { Tools = [new CanaryFunction("thrown")] });
        JsonSerializer.Serialize(model.Heard!.Result).Should().Contain("falcon");
    }

    [Fact]
    public async Task Files_that_can_not_be_used_tell_no_host_path()
    {
        var root = _temp.CreateSubdirectory("kb").FullName;
        File.WriteAllText(Path.Combine(root, "locked.txt"), "line");
        Directory.CreateDirectory(Path.Combine(root, "folder", "inner"));
        using var session = Session(allow => allow.Files("kb", root, files => files.Read("**").Write("**").Delete("**")));
        var files = session.FileSystem;
        var longest = new string('n', 300);
        await TellsNothingAsync(session, "read_file", ("path", "/kb/" + longest));
        await TellsNothingAsync(session, "read_file", ("path", "/kb/folder"));
        await TellsNothingAsync(session, "read_file", ("path", "/kb/locked.txt/below"));
        await TellsNothingAsync(session, "write_file", ("path", "/kb/folder"), ("content", "x"));
        await TellsNothingAsync(session, "write_file", ("path", "/kb/locked.txt/below"), ("content", "x"));
        await TellsNothingAsync(session, "delete_file", ("path", "/kb/none"));
        await TellsNothingAsync(session, "move_file", ("from", "/kb/none"), ("to", "/kb/folder"));
        await ThrowsNothingAsync(() => files.File.ReadAllTextAsync("/kb/" + longest));
        await ThrowsNothingAsync(() => Task.Run(() => files.Directory.Delete("/kb/folder")));
        await ThrowsNothingAsync(() => Task.Run(() => files.Directory.CreateDirectory("/kb/locked.txt/below")));
        await ThrowsNothingAsync(() => Task.Run(() => files.Directory.GetFiles("/kb/locked.txt")));
        await ThrowsNothingAsync(() => Task.Run(() => files.FileInfo.New("/kb/none").Length));
        await ThrowsNothingAsync(() => Task.Run(() => files.File.Move("/kb/none", "/kb/folder/none")));
        await using (var held = files.File.Open("/kb/locked.txt", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            await ThrowsNothingAsync(() => files.File.WriteAllTextAsync("/kb/locked.txt", "other"));
        }

        // The root itself goes away.
        _temp.Delete(recursive: true);
        await TellsNothingAsync(session, "read_file", ("path", "/kb/locked.txt"));
        await TellsNothingAsync(session, "list_files", ("path", "/kb"));
        await TellsNothingAsync(session, "write_file", ("path", "/kb/new.txt"), ("content", "x"));
        await ThrowsNothingAsync(() => files.File.WriteAllTextAsync("/kb/new.txt", "x"));
        await ThrowsNothingAsync(() => Task.Run(() => files.Directory.GetFiles("/kb/folder/inner")));
    }

    [Fact]
    public async Task A_database_that_breaks_tells_no_path_and_no_page()
    {
        var path = Path.Combine(_temp.FullName, "shop.db");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO notes VALUES (1, '" + Secret + "'), (2, zeroblob(100000))";
            command.ExecuteNonQuery();
        }

        using var session = Session(allow => allow.Database("shop", db => db.UseSqlite(path).Select("notes").Insert("notes")));
        await TellsNothingAsync(session, "database_query", ("sql", "SELECT abs(-9223372036854775808), text FROM notes"));
        await TellsNothingAsync(session, "database_query", ("sql", "SELECT json_extract(text, '$.x') FROM notes"));
        await TellsNothingAsync(session, "database_execute", ("sql", "INSERT INTO notes VALUES (1, 'x')"));
        await File.WriteAllBytesAsync(path, [.. Enumerable.Repeat((byte)0xEE, 200_000)]);
        await TellsNothingAsync(session, "database_query", ("sql", "SELECT text FROM notes"));
        await ThrowsNothingAsync(async () =>
        {
            await using var connection = await session.Database("shop").OpenConnectionAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT text FROM notes";
            await command.ExecuteScalarAsync();
        });
    }

    [Fact]
    public async Task A_server_that_is_away_tells_no_address_and_no_password()
    {
        using var session = Session(allow => allow.Database("shop", db => db
            .UsePostgreSql($"Host=127.0.0.1;Port=1;Username=agent;Password={Secret};Timeout=5").Select("notes")));
        foreach (var tool in session.GetTools().Where(tool => tool.Name is "database_query" or "database_schema"))
        {
            await TellsNothingAsync(session, tool.Name, ("sql", "SELECT text FROM notes"));
        }

        await ThrowsNothingAsync(async () =>
        {
            await using var connection = await session.Database("shop").OpenConnectionAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT text FROM notes";
            await command.ExecuteScalarAsync();
        });
    }

    [Theory]
    [InlineData("resolver")]
    [InlineData("broker")]
    [InlineData("reset")]
    [InlineData("no HTTP")]
    [InlineData("no TLS")]
    public async Task A_request_that_fails_tells_no_address_and_nothing_of_the_failure(string what)
    {
        using var server = new ScriptedServer((stream, _, _) => ScriptedServer.SayAsync(
            stream, what == "reset" ? $"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{Secret}" : $"{Secret} /srv/host\r\n\r\n"));
        var failure = new CanaryFunction.HostileException($"Server=vault;Password={Secret} at {_temp.FullName} 127.0.0.1");
        var scheme = what == "no TLS" ? "https" : "http";
        using var session = LoopbackSession.Create(
            server.Port,
            policy =>
            {
                if (what == "resolver")
                {
                    policy.Collect<EgressOptions>().Resolver = new Resolver(failure);
                }

                policy.LimitPermissions(allow => _ = what == "broker"
                    ? allow.Credential("key", $"http://api.test:{server.Port}/**", credential => credential.Bearer().Read("vault/key")).UseCredentialBroker(new Broker(failure))
                    : allow);
            },
            $"GET {scheme}://api.test:{{port}}/**" + (what == "broker" ? " inject key" : string.Empty));
        await TellsNothingAsync(session, "http_request", ("url", $"{scheme}://api.test:{server.Port}/x"));
        await ThrowsNothingAsync(() => session.HttpClient.GetStringAsync($"{scheme}://api.test:{server.Port}/x"));
    }

    [Fact]
    public async Task What_exists_is_told_inside_the_scope_alone()
    {
        var root = _temp.CreateSubdirectory("kb").FullName;
        var outside = _temp.CreateSubdirectory("outside").FullName;
        File.WriteAllText(Path.Combine(outside, "there.txt"), "x");
        _ = File.CreateSymbolicLink(Path.Combine(root, "link-there.txt"), Path.Combine(outside, "there.txt"));
        _ = File.CreateSymbolicLink(Path.Combine(root, "link-none1.txt"), Path.Combine(outside, "none1.txt"));
        Directory.CreateDirectory(Path.Combine(root, "hidden"));
        File.WriteAllText(Path.Combine(root, "hidden", "there.txt"), "x");
        var database = Path.Combine(_temp.FullName, "shop.db");
        using (var connection = new SqliteConnection($"Data Source={database};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE notes (id INTEGER); CREATE TABLE there1 (id INTEGER)";
            command.ExecuteNonQuery();
        }

        using var session = Session(allow => allow
            .Files("kb", root, files => files.Read("*").List("*"))
            .Database("shop", db => db.UseSqlite(database).Select("notes")));
        foreach (var (there, none) in new[]
        {
            ("/kb/hidden/there.txt", "/kb/hidden/none1.txt"), ("/kb/link-there.txt", "/kb/link-none1.txt"), ("/kb/../outside/there.txt", "/kb/../outside/none1.txt"),
            ("/etc/there.txt", "/etc/none1.txt"), ("/etc/passwd", "/etc/passwx"), ("/there/x", "/none1/x"),
        })
        {
            var one = await AnswerAsync(session, "read_file", ("path", there));
            one.Should().Be(await AnswerAsync(session, "read_file", ("path", none)), there);
            one.Should().Contain("denied", there);
        }

        (await AnswerAsync(session, "database_query", ("sql", "SELECT id FROM there1")))
            .Should().Be(await AnswerAsync(session, "database_query", ("sql", "SELECT id FROM none12")));
        (await AnswerAsync(session, "read_file", ("path", "/kb/none.txt"))).Should().Contain("There is no such file.", "inside, missing is missing");
    }

    private static GuardSession Session(Action<PermissionsBuilder> allow) => GuardSession.Create(
        Policy.Create(policy => policy.LimitPermissions(permissions => allow(permissions))), new Principal("alice", "contoso"));

    private async Task TellsNothingAsync(GuardSession session, string tool, params (string Name, object? Value)[] arguments)
    {
        var text = await AnswerAsync(session, tool, arguments);
        Check(text, tool + string.Join(',', arguments));
    }

    private async Task ThrowsNothingAsync(Func<Task> act) =>
        Check(Frames().Replace(CanaryWorld.Describe((await act.Should().ThrowAsync<Exception>()).Which), string.Empty), "an exception");

    private void Check(string text, string because) =>
        text.Should().NotContainAny(
            Secret, _temp.FullName, _temp.Name, "Hostile", "hostile ", "Npgsql.", "SQLite Error", "127.0.0.1", "[::1]", "database disk image")
            .And.NotContain("   at ", because);

    private static async Task<string> AnswerAsync(GuardSession session, string name, params (string Name, object? Value)[] arguments)
    {
        var tool = session.GetTools().Single(tool => tool.Name == name);
        var schema = tool.JsonSchema.GetProperty("properties").EnumerateObject().Select(property => property.Name).ToHashSet(StringComparer.Ordinal);
        var values = arguments.Where(pair => schema.Contains(pair.Name)).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        values.Should().HaveCount(name == "database_schema" ? 0 : arguments.Length, $"{name} has {string.Join(", ", schema)}");
        return JsonSerializer.Serialize(await tool.InvokeAsync(new AIFunctionArguments(values)));
    }

    /// <summary>Where our own code stands in a stack is no secret; every test build says where it was built.</summary>
    [GeneratedRegex(@"(?m)^.*   at .*$", RegexOptions.NonBacktracking)]
    private static partial Regex Frames();

    private sealed class Resolver(Exception failure) : IAddressResolver
    {
        public ValueTask<IReadOnlyList<System.Net.IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) => throw failure;
    }

    private sealed class Broker(Exception failure) : ICredentialBroker
    {
        public ValueTask<string?> GetSecretAsync(CredentialRequest request, CancellationToken cancellationToken) => throw failure;
    }

    /// <summary>Calls the function once and remembers what it heard.</summary>
    private sealed class Script(string how) : IChatClient
    {
        internal FunctionResultContent? Heard { get; private set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Heard = messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().LastOrDefault();
            AIContent say = Heard is null
                ? new FunctionCallContent("1", "lookup", new Dictionary<string, object?> { ["how"] = how })
                : new TextContent("Done.");
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [say])));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
