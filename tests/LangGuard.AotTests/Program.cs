using System.Net;
using System.Net.Sockets;
using System.Text;
using LangGuard;
using LangGuard.Http;
using LangGuard.Permissions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

// Compiled ahead of time: one operation that is allowed and one that is denied on every surface. Prints a line for each and
// ends with 0 when all went as it must.
var folder = Directory.CreateTempSubdirectory("langguard-aot-").FullName;
var root = Directory.CreateDirectory(Path.Combine(folder, "root")).FullName;
File.WriteAllText(Path.Combine(root, "note.txt"), "note");
File.WriteAllText(Path.Combine(folder, "secret.txt"), "secret");
var database = Path.Combine(folder, "shop.db");
using (var setup = new SqliteConnection($"Data Source={database};Pooling=False"))
{
    setup.Open();
    using var command = setup.CreateCommand();
    command.CommandText = "CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (7); CREATE TABLE employees (name TEXT)";
    command.ExecuteNonQuery();
}

using var listener = new TcpListener(IPAddress.Loopback, 0);
listener.Start();
var port = ((IPEndPoint)listener.LocalEndpoint).Port;
_ = Task.Run(async () =>
{
    while (true)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[4096]);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"u8.ToArray());
    }
});

var services = new ServiceCollection();
services.AddLangGuard(guard => guard
    .LimitPermissions(allow => allow
        .Files("kb", root, files => files.Read("**"))
        .Http($"GET http://api.test:{port}/v1/orders/{{id:int}} private 127.0.0.0/8")
        .Database("shop", db => db.UseSqlite(database).Select("orders"))
        .Function("greet", function => function.OnlyReads().Require("name", ArgumentRule.OneOf("Ada"))))
    .DefendInDepth(defense => defense.UseAddressResolver(new Loopback()).AllowUnguardedListener(port)));
await using var provider = services.BuildServiceProvider();
using var session = provider.GetRequiredService<IGuardSessionFactory>().Create(new Principal("aot"));
var failures = 0;

await Expect("files", null, () => Task.FromResult(session.FileSystem.File.ReadAllText("note.txt")));
await Expect("files", "files.outside-root", () => Task.FromResult(session.FileSystem.File.ReadAllText("../secret.txt")));
await Expect("http", null, () => session.HttpClient.GetStringAsync($"http://api.test:{port}/v1/orders/7"));
await Expect("http", "http.endpoint", () => session.HttpClient.GetStringAsync($"http://evil.test:{port}/v1/orders/7"));
await Expect("database", null, () => Query("SELECT id FROM orders"));
await Expect("database", "database.table", () => Query("SELECT name FROM employees"));
var greet = session.Guard(new Greeting());
await Expect("functions", null, () => Invoke(greet, "name", "Ada"));
await Expect("functions", "functions.argument", () => Invoke(greet, "name", "Mallory"));
var read = session.GetTools().Single(tool => tool.Name == "read_file");
await Expect("tools", null, () => Invoke(read, "path", "note.txt"));
await Expect("tools", "files.outside-root", () => Invoke(read, "path", "../secret.txt"));
Directory.Delete(folder, recursive: true);
return failures;

async Task<string> Query(string sql)
{
    await using var connection = await session.Database("shop").OpenConnectionAsync();
    await using var command = connection.CreateCommand();
    command.CommandText = sql;
    return (await command.ExecuteScalarAsync())?.ToString() ?? string.Empty;
}

static async Task<string> Invoke(AIFunction function, string argument, string value)
{
    var result = (await function.InvokeAsync(new() { [argument] = value }))?.ToString() ?? string.Empty;
    var rule = result.IndexOf("\"rule\":\"", StringComparison.Ordinal);
    return rule < 0 ? result : throw new InvalidOperationException(result[(rule + 8)..].Split('"')[0]);
}

async Task Expect(string surface, string? rule, Func<Task<string>> act)
{
    var text = new StringBuilder(surface).Append(rule is null ? " allow: " : " deny: ");
    string? denied = null;
    try
    {
        text.Append(await act());
    }
    catch (Exception exception) when (exception is IAccessDenied or InvalidOperationException)
    {
        denied = (exception as IAccessDenied)?.Decision.Reason?.Rule ?? exception.Message;
        text.Append(denied);
    }

    if (denied != rule)
    {
        failures++;
        text.Append(" (WRONG)");
    }

    Console.WriteLine(text);
}

internal sealed class Loopback : IAddressResolver
{
    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Loopback]);
}

internal sealed class Greeting : AIFunction
{
    public override string Name => "greet";

    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>($"Hello {arguments["name"]}");
}
