using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace LangGuard.Tests.Data;

/// <summary>A way to the server that notes what clients say and, like a pooler, can name another process than the one that
/// answers.</summary>
internal sealed class PostgreSqlRoute : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly bool _hidesProcess;
    private readonly StringBuilder _said = new();

    public PostgreSqlRoute(string connectionString, bool hidesProcess)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _hidesProcess = hidesProcess;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>What clients have said since they were last asked, letter by letter.</summary>
    public string Said()
    {
        lock (_said)
        {
            var said = _said.ToString();
            _said.Clear();
            return said;
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        await far.ConnectAsync(_server.Host!, _server.Port);
        await Task.WhenAny(ListenAsync(near.GetStream(), far.GetStream()), AnswerAsync(far.GetStream(), near.GetStream()));
    }

    private async Task ListenAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[65_536];
        while (await from.ReadAsync(buffer) is var read and > 0)
        {
            lock (_said)
            {
                _said.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }

            await to.WriteAsync(buffer.AsMemory(0, read));
        }
    }

    /// <summary>Passes message by message: one byte of type, four of length, and the rest.</summary>
    private async Task AnswerAsync(NetworkStream from, NetworkStream to)
    {
        var head = new byte[5];
        while (true)
        {
            await from.ReadExactlyAsync(head);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await from.ReadExactlyAsync(body);
            if (head[0] == (byte)'K' && _hidesProcess)
            {
                body[3] ^= 0x55;
            }

            await to.WriteAsync((byte[])[.. head, .. body]);
        }
    }
}
