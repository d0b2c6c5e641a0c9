using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LangGuard.SecurityTests.Http;

/// <summary>A server that says exactly what a test wants, byte by byte, and knows when its peer has gone.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Stream, string, CancellationToken, Task> _script;
    private readonly ConcurrentQueue<string> _heads = new();
    private int _connections;

    public ScriptedServer(Func<Stream, string, CancellationToken, Task> script)
    {
        _script = script;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Completes when a peer that was being written to has closed its socket.</summary>
    public TaskCompletionSource PeerGone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The heads of the requests up to now.</summary>
    public IReadOnlyList<string> Heads => [.. _heads];

    public static Task SayAsync(Stream stream, string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    /// <summary>Says nothing until the peer has gone.</summary>
    public static Task SilenceAsync(CancellationToken cancellation) => new TaskCompletionSource().Task.WaitAsync(cancellation);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref _connections);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                if (await ReadHeadAsync(stream) is { } head)
                {
                    _heads.Enqueue(head);

#pragma warning disable CA2025 // The watcher ends with the socket, and says so.
                    _ = WatchAsync(stream, gone);
#pragma warning restore CA2025
                    await _script(stream, head, gone.Token);
                    return;
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException)
        {
            PeerGone.TrySetResult();
        }
    }

    private async Task WatchAsync(NetworkStream stream, CancellationTokenSource gone)
    {
        try
        {
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, _stop.Token) > 0)
            {
                // A body that a script does not care about.
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Gone the hard way.
        }

        PeerGone.TrySetResult();
        try
        {
            await gone.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The script has ended already.
        }
    }

    private static async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
