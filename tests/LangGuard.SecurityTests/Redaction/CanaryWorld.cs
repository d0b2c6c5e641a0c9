using System.Text;
using System.Text.Json;
using LangGuard.Auditing;
using LangGuard.SecurityTests.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;

namespace LangGuard.SecurityTests.Redaction;

/// <summary>One secret planted in files, rows, headers, bodies, error answers and functions, and everything that comes out anywhere:
/// results, logs, traces, metrics, exceptions, audit records, bytes on the wire.</summary>
internal sealed class CanaryWorld : IDisposable
{
    internal const string Canary = "falcon-2291/topaz+harbor";

    private static readonly string[] Answers = ["/body", "/header", "/error", "/redirect", "/type", "/broken", "/lines", "/utf16", "/gzip", "/chunks"];

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-canaries-");
    private readonly List<string> _outside = [];
    private readonly ProcessTelemetry _telemetry;
    private readonly AuditFile _audit;

    internal CanaryWorld(bool isHidden)
    {
        var root = _temp.CreateSubdirectory("kb").FullName;
        var database = Path.Combine(_temp.FullName, "shop.db");
        Plant(root, database);
        Server = new ScriptedServer((stream, head, _) => AnswerAsync(stream, head));

        // The platform's client says where its caller sends something before any handler gets the request.
        _telemetry = new ProcessTelemetry(text => Keep(text.StartsWith("System.Net.Http RequestStart ", StringComparison.Ordinal) ? string.Empty : text));
        _audit = new AuditFile(new AuditOptions { Folder = AuditFolderPath });
        Session = LoopbackSession.Create(
            Server.Port,
            policy => policy
                .LimitPermissions(allow => allow
                    .Files("kb", root, files => files.Read("**").Write("**").Delete("**"))
                    .Database("shop", db => db.UseSqlite(database).Select("notes").Insert("notes").Update("notes"))
                    .Function("lookup", f => f.Any("how").OnlyReads())
                    .Function("send", f => f.Any("text").Does(Effects.Send)))
                .AnticipateMisuse(misuse => misuse.LimitUsage(usage => usage.Calls(100_000)))
                .DefendInDepth(defense =>
                {
                    defense.Audit(log => log.To(_audit).CopyToLog(_telemetry.CreateLogger("audit")).CopyToTelemetry());
                    if (isHidden)
                    {
                        defense.RedactValues(Canary);
                    }
                }),
            "GET http://localhost:{port}/** query * header *", "POST http://localhost:{port}/** body type text/plain");
    }

    internal GuardSession Session { get; }

    internal ScriptedServer Server { get; }

    /// <summary>What the functions were called with, when they are called with a canary.</summary>
    internal List<string> Sent { get; } = [];

    private string AuditFolderPath => Path.Combine(_temp.FullName, "audit");

    /// <summary>Everything that came out, the audit as it is on the disk included.</summary>
    internal List<string> Outside()
    {
        Session.Dispose();
        _audit.Dispose();
        var all = new List<string>();
        lock (_outside)
        {
            all.AddRange(_outside);
        }

        all.AddRange(Server.Heads);
        all.AddRange(Sent);
        new AuditReader().Read(AuditFolder.SegmentsOf(AuditFolderPath), (_, _, payload) => all.Add(Encoding.UTF8.GetString(payload)));
        return all;
    }

    /// <summary>Every tool on everything that holds the canary.</summary>
    internal async Task ReadEverythingAsync()
    {
        var tools = Session.GetTools().ToDictionary(tool => tool.Name, StringComparer.Ordinal);
        var files = Session.FileSystem.Directory.GetFiles("/kb").ToList();
        foreach (var file in files)
        {
            await CallAsync(tools["read_file"], ("path", file));
            await CallAsync(tools["read_file"], ("path", file), ("first_line", 2), ("max_lines", 1));
        }

        await CallAsync(tools["list_files"], ("path", "/kb"));
        await CallAsync(tools["search_files"], ("path", "/kb"), ("text", "line"));
        await CallAsync(tools["search_files"], ("path", "/kb"), ("text", "falcon"));
        await CallAsync(tools["read_file"], ("path", "/kb/missing-" + Canary));
        await CallAsync(tools["read_file"], ("path", "/elsewhere/" + Canary));
        await CallAsync(tools["database_query"], ("sql", "SELECT id, text FROM notes"));
        await CallAsync(tools["database_query"], ("sql", "SELECT text AS \"" + Canary + "\" FROM notes WHERE text = '" + Canary + "'"));
        await CallAsync(tools["database_query"], ("sql", "SELECT nothing_" + Canary + " FROM notes"));
        await CallAsync(tools["database_query"], ("sql", "SELECT * FROM notes WHERE text LIKE @p"), ("parameters", new Dictionary<string, object?> { ["p"] = "%" + Canary }));
        await CallAsync(tools["database_execute"], ("sql", "INSERT INTO notes (id, text) VALUES (1, '" + Canary + "')"));
        foreach (var path in Answers)
        {
            await CallAsync(tools["http_request"], ("url", $"http://localhost:{Server.Port}{path}"));
            await ThrowAsync(() => Session.HttpClient.GetStringAsync($"http://localhost:{Server.Port}{path}"), isBody: true);
        }

        await ThrowAsync(() => Session.FileSystem.File.ReadAllTextAsync("/kb/missing"));
        await ThrowAsync(() => Session.FileSystem.File.WriteAllTextAsync("/elsewhere/x", Canary));
        await ThrowAsync(() => SqlAsync("SELECT * FROM secrets WHERE text = '" + Canary + "'"));
        await ThrowAsync(() => SqlAsync("INSERT INTO notes (id, text) VALUES (1, '" + Canary + "')"));
        foreach (var how in CanaryFunction.Ways)
        {
            await CallAsync(Session.Guard(new CanaryFunction(how)), ("how", how));
        }
    }

    /// <summary>Tries to carry the canary out in every form and by every way.</summary>
    internal async Task SendEverythingAsync()
    {
        var request = Session.GetTools().Single(tool => tool.Name == "http_request");
        var send = Session.Guard(AIFunctionFactory.Create(
            (string text) =>
            {
                Sent.Add(text);
                return "sent";
            },
            "send"));
        foreach (var (_, text) in Disclosure.Forms(Canary))
        {
            var url = $"http://localhost:{Server.Port}";
            await CallAsync(request, ("url", $"{url}/{Uri.EscapeDataString(text)}"));
            await CallAsync(request, ("url", $"{url}/x?q={Uri.EscapeDataString(text)}"));
            await CallAsync(request, ("url", $"{url}/x"), ("headers", new Dictionary<string, object?> { ["X-Note"] = text }));
            await CallAsync(request, ("url", $"{url}/x"), ("method", "POST"), ("body", text), ("content_type", "text/plain"));
            await CallAsync(send, ("text", "note: " + text));
        }
    }

    public void Dispose()
    {
        _telemetry.Dispose();
        Server.Dispose();
        Session.Dispose();
        _audit.Dispose();
        _temp.Delete(recursive: true);
    }

    internal async Task CallAsync(AIFunction tool, params (string Name, object? Value)[] arguments)
    {
        string text;
        try
        {
            var values = arguments.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
            text = AsText(await tool.InvokeAsync(new AIFunctionArguments(values)));
        }
        catch (Exception failure)
        {
            text = Describe(failure);
        }

        Keep(text);
    }

    private static string AsText(object? result) => result switch
    {
        null => string.Empty,
        IEnumerable<AIContent> contents => string.Join('\n', contents.Select(AsText)),
        TextContent content => content.Text,
        TextReasoningContent content => content.Text,
        ErrorContent content => content.Message + content.Details,
        DataContent content => Encoding.UTF8.GetString(content.Data.Span) + content.Uri,
        UriContent content => content.Uri.ToString(),
        FunctionResultContent content => AsText(content.Result) + content.Exception,
        AIContent content => content.ToString() + content.RawRepresentation,
        _ => JsonSerializer.Serialize(result, Relaxed),
    };

    private async Task ThrowAsync(Func<Task> act, bool isBody = false)
    {
        try
        {
            await act();
            isBody.Should().BeTrue("only an answer's bytes are the truth");
        }
        catch (Exception failure)
        {
            Keep(Describe(failure));
        }
    }

    /// <summary>Everything that an exception says, whoever prints it.</summary>
    internal static string Describe(Exception failure)
    {
        var text = new StringBuilder(failure.ToString());
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            text.Append(inner.Message).Append(inner.HelpLink).Append(inner.Source).Append(inner.StackTrace);
            foreach (System.Collections.DictionaryEntry entry in inner.Data)
            {
                text.Append(entry.Key).Append(entry.Value);
            }
        }

        return text.ToString();
    }

    private async Task SqlAsync(string sql)
    {
        await using var connection = await Session.Database("shop").OpenConnectionAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            // To the end.
        }
    }

    private static void Plant(string root, string database)
    {
        var forms = Disclosure.Forms(Canary).ToList();
        foreach (var (form, text) in forms)
        {
            File.WriteAllText(Path.Combine(root, form.Replace(' ', '-') + ".txt"), $"first line\nvalue: {text}\nlast line\n");
        }

        File.WriteAllText(Path.Combine(root, "all.md"), string.Join('\n', forms.Select(form => form.Text)));
        File.WriteAllText(Path.Combine(root, "utf16.txt"), $"line {Canary}", Encoding.Unicode);
        File.WriteAllText(Path.Combine(root, "utf16-bare.txt"), $"line {Canary}", new UnicodeEncoding(bigEndian: false, byteOrderMark: false));
        File.WriteAllText(Path.Combine(root, "escaped.json"), "{\"line\":\"" + string.Concat(Canary.Select((c, i) => i % 2 == 0 ? $"\\u{(int)c:x4}" : c.ToString())) + "\"}");
        File.WriteAllText(Path.Combine(root, ".env"), "TOKEN=" + Canary);
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE); CREATE TABLE secrets (text TEXT)";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO notes (text) VALUES (@text)";
        var parameter = command.Parameters.Add("@text", SqliteType.Text);
        foreach (var (_, text) in forms)
        {
            parameter.Value = "row line " + text;
            command.ExecuteNonQuery();
        }

        parameter.Value = Canary;
        command.ExecuteNonQuery();
    }

    private static async Task AnswerAsync(Stream stream, string head)
    {
        var everything = string.Join('\n', Disclosure.Forms(Canary).Select(form => form.Text));
        var path = head.Split(' ', '?')[1];
        var (status, headers, body) = path switch
        {
            "/header" => ("200 OK", $"X-Echo: {Canary}\r\nSet-Cookie: a={Canary}\r\nContent-Type: text/plain\r\n", "line"),
            "/error" => ("500 Internal Server Error", $"WWW-Authenticate: Bearer realm=\"{Canary}\"\r\nContent-Type: text/plain\r\n", everything),
            "/redirect" => ("302 Found", $"Location: http://elsewhere.test/{Uri.EscapeDataString(Canary)}\r\n", string.Empty),
            "/type" => ("200 OK", $"Content-Type: text/{Canary.Replace('/', '.')}\r\n", "line " + Canary),
            "/broken" => ("200 OK", $"Content-Encoding: gzip\r\nX-{Canary.Replace('/', '-')}: 1\r\n", Canary),
            "/gzip" => ("200 OK", "Content-Encoding: gzip\r\nContent-Type: text/plain\r\n", Encoding.Latin1.GetString(Disclosure.Pack(everything))),
            "/lines" => ("200 OK", "Content-Type: text/plain\r\n", Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('.', 80) + Canary + "..."), Base64FormattingOptions.InsertLineBreaks)),
            "/utf16" => ("200 OK", "Content-Type: text/plain; charset=utf-16\r\n", string.Concat(Canary.Select(c => c + "\0"))),
            _ => ("200 OK", "Content-Type: application/json\r\n", JsonSerializer.Serialize(new { text = everything, lines = everything.Split('\n') })),
        };
        if (path == "/chunks")
        {
            // Every character in a piece of its own.
            await ScriptedServer.SayAsync(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n");
            foreach (var c in "line " + Canary + " last")
            {
                await ScriptedServer.SayAsync(stream, $"1\r\n{c}\r\n");
                await stream.FlushAsync();
            }

            await ScriptedServer.SayAsync(stream, "0\r\n\r\n");
            return;
        }

        var length = path == "/broken" ? body.Length + 100 : Encoding.Latin1.GetByteCount(body);
        await ScriptedServer.SayAsync(stream, $"HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    }

    private void Keep(string text)
    {
        lock (_outside)
        {
            _outside.Add(text);
        }
    }
}
