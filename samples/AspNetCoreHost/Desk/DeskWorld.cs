using AspNetCoreHost.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;

namespace AspNetCoreHost.Desk;

/// <summary>Real files, a real SQLite database and a real HTTP API on loopback, in a temporary folder.</summary>
internal sealed class DeskWorld : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("langguard-host-").FullName;
    private readonly WebApplication _orders;

    private DeskWorld()
    {
        foreach (var tenant in Users.Tenants)
        {
            Directory.CreateDirectory(Path.Combine(RootOf(tenant), "drafts"));
            File.WriteAllText(Path.Combine(RootOf(tenant), "faq.md"), $"The rules of {tenant}: parcels take two days.\n");
        }

        Database = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName, "shop.db");
        CreateDatabase();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _orders = builder.Build();
        _orders.MapGet("/v1/orders/{id:int}", (int id, HttpRequest request) =>
            Results.Json(new { shipment = $"parcel-{id}-of-{request.Host.Host.Split('.')[1]}" }));
    }

    internal string Database { get; }

    internal int OrdersPort { get; private set; }

    internal static async Task<DeskWorld> CreateAsync()
    {
        var desk = new DeskWorld();
        await desk._orders.StartAsync();
        desk.OrdersPort = new Uri(desk._orders.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        return desk;
    }

    internal string RootOf(string tenant) => Path.Combine(_folder, "files", tenant);

    internal string JournalOf(string tenant) => Path.Combine(_folder, "journals", tenant);

    public async ValueTask DisposeAsync()
    {
        await _orders.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void CreateDatabase()
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, owner TEXT NOT NULL, item TEXT NOT NULL)";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO orders (tenant, owner, item) VALUES ($tenant, $owner, $item)";
        foreach (var tenant in Users.Tenants)
        {
            for (var i = 0; i < 25; i++)
            {
                var owner = Users.NameOf(i);
                command.Parameters.Clear();
                command.Parameters.AddWithValue("$tenant", tenant);
                command.Parameters.AddWithValue("$owner", owner);
                command.Parameters.AddWithValue("$item", $"item-of-{tenant}-{owner}");
                command.ExecuteNonQuery();
            }
        }
    }
}
