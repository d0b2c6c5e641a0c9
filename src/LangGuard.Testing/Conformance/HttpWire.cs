using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace LangGuard.Testing.Conformance;

/// <summary>
/// The internet of one run: a raw server on loopback that stands behind every address, plain and TLS, answers in order what
/// a case says, and records the head of every request that reached it.
/// </summary>
internal sealed class HttpWire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly X509Certificate2 _authority;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<HttpArrival> _arrivals = [];
    private Queue<string> _redirects = new();
    private Lazy<X509Certificate2> _certificate;

    public HttpWire()
    {
        var request = new CertificateRequest("CN=Conformance", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(2));
        _certificate = new Lazy<X509Certificate2>(_authority);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where everything really is.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>The requests since the last reset.</summary>
    public IReadOnlyList<HttpArrival> Arrivals
    {
        get
        {
            lock (_lock)
            {
                return [.. _arrivals];
            }
        }
    }

    /// <summary>Client settings that trust this world's certificates and nothing else.</summary>
    public SslClientAuthenticationOptions TrustOptions() => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { _authority },
        },
    };

    /// <summary>Prepares the next case: its redirects, and certificates for its names and addresses.</summary>
    public void Reset(IEnumerable<string> redirects, IEnumerable<string> hosts)
    {
        lock (_lock)
        {
            _arrivals.Clear();
            _redirects = new Queue<string>(redirects);

            // Most cases are over before anybody asks for it.
            string[] names = [.. hosts];
            _certificate = new Lazy<X509Certificate2>(() => Issue(names));
        }
    }

    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // The stream owns the socket.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
#pragma warning restore CA2000
        await socket.ConnectAsync(EndPoint, cancellationToken).ConfigureAwait(false);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _authority.Dispose();
        _key.Dispose();
        _stop.Dispose();
    }

    private X509Certificate2 Issue(IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts.Distinct(StringComparer.Ordinal))
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else if (IsName(host))
            {
                names.AddDnsName(host);
            }
        }

        var request = new CertificateRequest("CN=case", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(
            _authority, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(_key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Whether a certificate can be made out to it. For the rest none is needed: nobody may get as far.</summary>
    private static bool IsName(string host) =>
        host.Length is > 0 and <= 253 && Array.TrueForAll(host.Split('.'), label => label.Length is > 0 and <= 63);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the run.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            var network = new NetworkStream(socket, ownsSocket: true);
            await using var networkEnd = network.ConfigureAwait(false);
            var first = new byte[1];
            if (await socket.ReceiveAsync(first, SocketFlags.Peek, _stop.Token).ConfigureAwait(false) == 0)
            {
                return;
            }

            if (first[0] != 0x16)
            {
                await AnswerAsync(network).ConfigureAwait(false);
                return;
            }

            Lazy<X509Certificate2> certificate;
            lock (_lock)
            {
                certificate = _certificate;
            }

            var tls = new SslStream(network);
            await using var tlsEnd = tls.ConfigureAwait(false);
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = certificate.Value }, _stop.Token).ConfigureAwait(false);
            await AnswerAsync(tls).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException)
        {
            // The client went away.
        }
    }

    private async Task AnswerAsync(Stream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        int end;
        while ((end = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        var head = text.ToString(0, end + 4);
        string? location;
        lock (_lock)
        {
            _arrivals.Add(new HttpArrival(head, stream is SslStream));
            _redirects.TryDequeue(out location);
        }

        // A server that answers and goes away before it has read the body breaks what the client is still sending.
        await SkipBodyAsync(stream, head, text.ToString(head.Length, text.Length - head.Length)).ConfigureAwait(false);
        var answer = location is null
            ? "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\nConnection: close\r\n\r\narrived"
            : $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token).ConfigureAwait(false);
        await stream.FlushAsync(_stop.Token).ConfigureAwait(false);
    }

    private async Task SkipBodyAsync(Stream stream, string head, string tail)
    {
        const string lengthName = "\r\nContent-Length:";
        const string lastChunk = "0\r\n\r\n";
        var at = head.IndexOf(lengthName, StringComparison.OrdinalIgnoreCase);
        var isChunked = at < 0 && head.Contains("\r\nTransfer-Encoding: chunked\r\n", StringComparison.OrdinalIgnoreCase);
        var length = at >= 0 && long.TryParse(
            head.AsSpan(at + lengthName.Length, head.IndexOf('\r', at + lengthName.Length) - at - lengthName.Length),
            NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var stated) ? stated : 0;
        long got = tail.Length;
        var buffer = new byte[4096];
        while (isChunked ? !tail.EndsWith(lastChunk, StringComparison.Ordinal) : got < length)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            got += read;
            tail = (tail + Encoding.Latin1.GetString(buffer, 0, read))[^Math.Min(lastChunk.Length, tail.Length + read)..];
        }
    }
}
