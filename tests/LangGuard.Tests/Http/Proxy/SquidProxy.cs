using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LangGuard.Tests.Http.Proxy;

/// <summary>A real Squid on loopback, with a table of names in the place of DNS.</summary>
internal sealed class SquidProxy : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private SquidProxy(Process process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        Port = port;
    }

    public int Port { get; }

    public static async Task<SquidProxy> StartAsync(string rules, IReadOnlyDictionary<string, string> names)
    {
        var program = new[] { "/usr/sbin/squid", "/usr/local/sbin/squid", "/usr/bin/squid" }.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("Squid is missing. On Debian or Ubuntu: sudo apt-get install squid");
        var folder = Directory.CreateTempSubdirectory("squid").FullName;
        var port = FreePort();
        File.WriteAllLines(Path.Combine(folder, "hosts"), names.Select(name => $"{name.Value} {name.Key}"));
        File.WriteAllText(
            Path.Combine(folder, "squid.conf"),
            $"""
            http_port 127.0.0.1:{port}
            {rules}
            hosts_file {folder}/hosts
            dns_nameservers 127.0.0.1
            dns_timeout 1 second
            connect_timeout 1 second
            forward_timeout 2 seconds
            pid_filename {folder}/pid
            cache_log {folder}/cache.log
            access_log none
            cache deny all
            coredump_dir {folder}
            pinger_enable off
            shutdown_lifetime 0 seconds
            visible_hostname squid.test

            """);

        // Started by root, Squid would give its rights up to a user that cannot enter a private folder.
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        var start = new ProcessStartInfo(program, ["-N", "-f", Path.Combine(folder, "squid.conf")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var squid = new SquidProxy(process, folder, port);
        await squid.WaitAsync();
        return squid;
    }

    /// <summary>The status that the proxy answers with.</summary>
    public async Task<int> AskAsync(string method, string target)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        var host = method == "CONNECT" ? target : new Uri(target).Authority;
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync() ?? string.Empty;
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitAsync()
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (watch.Elapsed < TimeSpan.FromSeconds(60) && !_process.HasExited)
            {
                await Task.Yield();
            }
            catch (SocketException)
            {
                var log = Path.Combine(_folder, "cache.log");
                throw new InvalidOperationException(
                    "Squid did not start: " + (File.Exists(log) ? File.ReadAllText(log) : await _process.StandardError.ReadToEndAsync()));
            }
        }
    }
}
