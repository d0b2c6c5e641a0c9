using System.Net;
using System.Net.Sockets;
using LangGuard.Http;

namespace LangGuard.Testing.Conformance;

/// <summary>Runs cases through a real <see cref="HttpClient"/> over real sockets, guarded and, for attacks, unguarded.</summary>
/// <param name="policy">Makes the policy for one case and its network.</param>
internal sealed class HttpCorpus(Func<HttpCase, HttpWorld, Policy> policy) : IDisposable
{
    private readonly HttpWire _wire = new();

    /// <summary>Whether attacks are also run unguarded, to see whether they have an effect at all.</summary>
    public bool HasControls { get; set; } = true;

    public void Dispose() => _wire.Dispose();

    public async Task<ConformanceResult> RunAsync(HttpCase test) =>
        await JudgeAsync(test).ConfigureAwait(false) with { Technique = test.Technique, IsAttack = !test.IsAllowed };

    private async Task<ConformanceResult> JudgeAsync(HttpCase test)
    {
        var (denial, error, hasEffect, rule) = await RunGuardedAsync(test).ConfigureAwait(false);
        if (test.IsAllowed)
        {
            return hasEffect && denial is null && error is null
                ? new ConformanceResult(test.Id, ConformanceOutcome.Passed, "arrived")
                : new ConformanceResult(test.Id, ConformanceOutcome.FalseDenial, denial ?? error ?? "no answer");
        }

        if (hasEffect)
        {
            return new ConformanceResult(test.Id, ConformanceOutcome.Bypass, $"reached the server: {_wire.Heads[^1].Split('\r')[0]}");
        }

        if (denial is null)
        {
            return new ConformanceResult(test.Id, ConformanceOutcome.Error, error ?? "no effect, but no denial either");
        }

        return !HasControls || await HasEffectUnguardedAsync(test).ConfigureAwait(false)
            ? new ConformanceResult(test.Id, ConformanceOutcome.Passed, denial) { Rule = rule }
            : new ConformanceResult(test.Id, ConformanceOutcome.Inert, denial);
    }

    private async Task<(string? Denial, string? Error, bool HasEffect, string? Rule)> RunGuardedAsync(HttpCase test)
    {
        Prepare(test);
        try
        {
            var world = new HttpWorld(_wire, test.Dns);
            var built = policy(test, world);
            using var session = GuardSession.Create(built, new Principal("conformance"));
            using var request = ToRequest(test);
            if (request is null)
            {
                return ("the request cannot be built", null, false, null);
            }

            using var response = await session.HttpClient.SendAsync(request).ConfigureAwait(false);
            var body = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
            return (null, response.IsSuccessStatusCode ? null : $"status {response.StatusCode}", body == "arrived", null);
        }
        catch (PolicyValidationException invalid)
        {
            return (invalid.Message, null, false, null);
        }
        catch (Exception denied) when (denied is IAccessDenied access)
        {
            return (access.Decision.ToString(), null, HasArrived(test), access.Decision.Reason?.Rule);
        }
        catch (Exception error)
        {
            return (null, $"{error.GetType().Name}: {error.Message}", HasArrived(test), null);
        }
    }

    private async Task<bool> HasEffectUnguardedAsync(HttpCase test)
    {
        Prepare(test);
        try
        {
            using var request = ToRequest(test);
            if (request is null)
            {
                return false;
            }

            using var handler = new SocketsHttpHandler
            {
                ConnectCallback = (context, cancellationToken) => ConnectUnguardedAsync(test, context.DnsEndPoint, cancellationToken),
                SslOptions = _wire.TrustOptions(),
                UseProxy = false,
            };
            using var client = new HttpClient(handler, disposeHandler: false);
            using var response = await client.SendAsync(request).ConfigureAwait(false);
            await response.Content.ReadAsStringAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or InvalidOperationException or NotSupportedException
            or UriFormatException or ArgumentException or IOException)
        {
            // What reached the server counts, not how it ended.
        }

        return HasArrived(test);
    }

    /// <summary>What an ordinary program does: ask for the name and connect to whatever comes back.</summary>
    private ValueTask<Stream> ConnectUnguardedAsync(HttpCase test, DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var host = endPoint.Host.TrimEnd('.');
        return IPAddress.TryParse(host.Trim('[', ']'), out _) || test.Dns.TryGetValue(host, out var found) && found.Length > 0
            || !test.Dns.ContainsKey(host) && test.Dns.Count == 0
            ? _wire.ConnectAsync(cancellationToken)
            : throw new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>Whether the last hop of the case reached the server.</summary>
    private bool HasArrived(HttpCase test) => _wire.Heads.Count > test.Redirects.Count;

    private void Prepare(HttpCase test)
    {
        var hosts = new List<string>(test.Dns.Keys);
        foreach (var url in test.Redirects.Append(test.Url))
        {
            try
            {
                if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IdnHost.Length > 0)
                {
                    hosts.Add(uri.IdnHost.TrimEnd('.'));
                }
            }
            catch (UriFormatException)
            {
                // A host that has no ASCII form needs no certificate.
            }
        }

        _wire.Reset(test.Redirects, hosts.Where(host => host.All(c => c is > ' ' and <= '~')));
    }

#pragma warning disable CA2000 // The caller disposes the request, and the request its content.
    private static HttpRequestMessage? ToRequest(HttpCase test)
    {
        if (!Uri.TryCreate(test.Url, UriKind.Absolute, out var uri))
        {
            return null;
        }

        HttpRequestMessage request;
        try
        {
            request = new HttpRequestMessage(new HttpMethod(test.Method), uri);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            return null;
        }

        if (test.Body is not null)
        {
            request.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(test.Body));
        }

        foreach (var (name, value) in test.Headers)
        {
            if (request.Headers.TryAddWithoutValidation(name, value))
            {
                continue;
            }

            request.Content ??= new ByteArrayContent([]);
            if (!request.Content.Headers.TryAddWithoutValidation(name, value))
            {
                return null;
            }
        }

        return request;
    }
#pragma warning restore CA2000
}
