using System.Net;
using System.Text;
using Microsoft.Extensions.AI;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>The same tools by the same names on the same things, without a guard: the positive control.</summary>
internal sealed class PlainTools : IDisposable
{
    private readonly ScenarioWorld _world;
    private readonly HttpClient _client;

    internal PlainTools(ScenarioWorld world, Scenario scenario)
    {
        _world = world;
        _client = new HttpClient(new SocketsHttpHandler
        {
            // Every name and every address leads to the hosts of the test.
            ConnectCallback = async (context, cancellation) =>
            {
                var transport = scenario.Connect(world) ?? new RecordingTransport { Port = world.Port };
                var host = context.DnsEndPoint.Host;
                var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var address) ? [address] : await world.Hosts.ResolveAsync(host, cancellation);
                return await transport.ConnectAsync(new IPEndPoint(addresses[0], context.DnsEndPoint.Port), true, cancellation);
            },
        })
        { Timeout = TimeSpan.FromSeconds(20) };
    }

    internal IEnumerable<AITool> All =>
    [
        AIFunctionFactory.Create((string path) => File.ReadAllText(At(path)), "read_file"),
        AIFunctionFactory.Create((string path) => string.Join('\n', Directory.GetFileSystemEntries(At(path))), "list_files"),
        AIFunctionFactory.Create((string text, string path) => Search(text, At(path)), "search_files"),
        AIFunctionFactory.Create((string path, string content, bool overwrite) => Write(path, content), "write_file"),
        AIFunctionFactory.Create((string from, string to, bool overwrite) => File.Move(At(from), At(to), overwrite), "move_file"),
        AIFunctionFactory.Create((string path, bool recursive) => Delete(At(path)), "delete_file"),
        AIFunctionFactory.Create(SendAsync, "http_request"),
        AIFunctionFactory.Create((string sql) => Run(sql), "database_query"),
        AIFunctionFactory.Create((string sql) => Run(sql), "database_execute"),
    ];

    public void Dispose() => _client.Dispose();

    private static string Search(string text, string path) => string.Join('\n', Directory.GetFiles(path, "*", SearchOption.AllDirectories)
        .SelectMany(file => File.ReadLines(file).Where(line => line.Contains(text, StringComparison.OrdinalIgnoreCase)).Select(line => $"{file}: {line}")));

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    /// <summary>The first part names a root, whose folder has the same name.</summary>
    private string At(string path) => Path.Combine(_world.Folder, path.TrimStart('/'));

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }

    private async Task<string> SendAsync(
        string url, string method = "GET", Dictionary<string, string>? headers = null, string? body = null, string content_type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, content_type);
        }

        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private string Run(string sql)
    {
        using var connection = _world.Database.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Whatever the model wrote: that is the point of this control.
        command.CommandText = sql;
#pragma warning restore CA2100
        var text = new StringBuilder();
        using var reader = command.ExecuteReader();
        do
        {
            while (reader.Read())
            {
                text.AppendJoin('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i))).AppendLine();
            }
        }
        while (reader.NextResult());
        return text.ToString();
    }
}
