using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LangGuard.Http;

namespace LangGuard.Testing;

/// <summary>Endpoints in memory. Requests pass the whole guard - rules, addresses, redirects, limits - and only the connection at
/// its end is not one of the network, so that what a test sees is what would have been sent.</summary>
public sealed class FakeEndpoints : IDisposable
{
    private readonly ConcurrentDictionary<string, Func<FakeRequest, FakeResponse>> _endpoints = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly Lazy<X509Certificate2> _certificate = new(CreateCertificate);

    /// <summary>Every request that got through the guard, in order.</summary>
    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    internal X509Certificate2 Certificate => _certificate.Value;

    /// <summary>Answers one method and URL with a text. Everything else is answered with 404.</summary>
    /// <param name="method">The method, such as <c>GET</c>.</param>
    /// <param name="url">The whole URL, with its query.</param>
    /// <param name="body">The body.</param>
    /// <param name="status">The status.</param>
    /// <param name="contentType">The type of the body.</param>
    public FakeEndpoints Respond(
        string method, string url, string body, HttpStatusCode status = HttpStatusCode.OK, string contentType = "application/json") =>
        Respond(method, url, _ => new FakeResponse(status, body, contentType));

    /// <summary>Answers one method and URL by a function.</summary>
    /// <param name="method">The method.</param>
    /// <param name="url">The whole URL, with its query.</param>
    /// <param name="answer">Makes the answer.</param>
    public FakeEndpoints Respond(string method, string url, Func<FakeRequest, FakeResponse> answer)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(method);
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        ArgumentNullException.ThrowIfNull(answer);
        _endpoints[$"{method} {new Uri(url).AbsoluteUri}"] = answer;
        return this;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_certificate.IsValueCreated)
        {
            _certificate.Value.Dispose();
        }
    }

    internal Stream Connect(int port)
    {
        var (request, response) = (new Pipe(), new Pipe());
#pragma warning disable CA2000 // Each side disposes its own end.
        var server = new PipeStream(request.Reader, response.Writer);
#pragma warning restore CA2000
        _ = Task.Run(() => ServeAsync(server, port));
        return new PipeStream(response.Reader, request.Writer);
    }

    private async Task ServeAsync(PipeStream connection, int port)
    {
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                var isTls = port is 443 or 8443;
                Stream stream = connection;
                if (isTls)
                {
#pragma warning disable CA2000 // Ends with the connection.
                    var secure = new SslStream(connection, leaveInnerStreamOpen: true);
#pragma warning restore CA2000
                    await secure.AuthenticateAsServerAsync(Certificate).ConfigureAwait(false);
                    stream = secure;
                }

                await AnswerAsync(stream, isTls ? "https" : "http").ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or InvalidOperationException or OperationCanceledException)
            {
                // The guard went away before the answer, as it does at a limit.
            }
        }
    }

    private async Task AnswerAsync(Stream stream, string scheme)
    {
        var received = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int end;
        while ((end = received.GetBuffer().AsSpan(0, (int)received.Length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await stream.ReadAsync(buffer).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            received.Write(buffer, 0, read);
        }

        var head = Encoding.Latin1.GetString(received.GetBuffer(), 0, end);
        var lines = head.Split("\r\n");
        var length = Header(lines, "Content-Length") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        while (received.Length < end + 4 + length)
        {
            var read = await stream.ReadAsync(buffer).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            received.Write(buffer, 0, read);
        }

        var start = lines[0].Split(' ');
        var url = new Uri($"{scheme}://{Header(lines, "Host")}{start[1]}").AbsoluteUri;
        var request = new FakeRequest(start[0], url, head, Encoding.UTF8.GetString(received.GetBuffer(), end + 4, length));
        _requests.Enqueue(request);
        var response = _endpoints.TryGetValue($"{request.Method} {url}", out var answer) ? answer(request) : FakeResponse.NotFound;
        await stream.WriteAsync(response.ToBytes()).ConfigureAwait(false);
        await stream.FlushAsync().ConfigureAwait(false);
    }

    private static string? Header(string[] lines, string name) => lines.Skip(1)
        .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=fake endpoints", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
