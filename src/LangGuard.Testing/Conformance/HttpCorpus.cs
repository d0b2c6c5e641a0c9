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

    /// <summary>The policy, where it is somebody's own and not the one that the corpus names with each case.</summary>
    public HttpUnderTest? Tested { get; init; }

    private async Task<ConformanceResult> JudgeAsync(HttpCase test)
    {
        try
        {
            return await CompareAsync(test).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not PolicyValidationException)
        {
            // One case that can not be set up must not hide what the others say.
            return new ConformanceResult(test.Id, ConformanceOutcome.Error, $"{error.GetType().Name}: {error.Message}");
        }
    }

    private async Task<ConformanceResult> CompareAsync(HttpCase test)
    {
        var run = await RunGuardedAsync(test).ConfigureAwait(false);
        if (run.Skipped is not null)
        {
            return new ConformanceResult(test.Id, ConformanceOutcome.Skipped, run.Skipped);
        }

        if (test.IsAllowed)
        {
            return run is { HasEffect: true, Denial: null, Error: null }
                ? new ConformanceResult(test.Id, ConformanceOutcome.Passed, "arrived")
                : new ConformanceResult(test.Id, ConformanceOutcome.FalseDenial, run.Denial ?? run.Error ?? "no answer") { Rule = run.Rule };
        }

        if (run.HasEffect)
        {
            return new ConformanceResult(test.Id, ConformanceOutcome.Bypass, $"reached the server: {_wire.Arrivals[^1].Line}");
        }

        if (run.Denial is null)
        {
            return new ConformanceResult(test.Id, ConformanceOutcome.Error, run.Error ?? "no effect, but no denial either");
        }

        return !HasControls || await HasEffectUnguardedAsync(test).ConfigureAwait(false)
            ? new ConformanceResult(test.Id, ConformanceOutcome.Passed, run.Denial) { Rule = run.Rule }
            : new ConformanceResult(test.Id, ConformanceOutcome.Inert, run.Denial);
    }

    private async Task<Run> RunGuardedAsync(HttpCase test)
    {
        Prepare(test);
        var world = new HttpWorld(_wire, test.Dns);
        Policy built;
        try
        {
            built = policy(test, world);
        }
        catch (PolicyValidationException invalid) when (Tested is null)
        {
            return new Run(invalid.Message, null, false);
        }

        if (test.IsAllowed && Tested?.WhyNot(test) is { } reason)
        {
            return new Run(null, null, false) { Skipped = reason };
        }

        var run = await SendAsync(test, built).ConfigureAwait(false);
        return Tested is not null && !test.IsAllowed && run.HasEffect
            ? run with { Skipped = Tested.Granted(test, _wire.Arrivals[^1], world.Connected) }
            : run;
    }

    private async Task<Run> SendAsync(HttpCase test, Policy built)
    {
        try
        {
            using var session = GuardSession.Create(built, new Principal("conformance"));
            using var request = ToRequest(test);
            if (request is null)
            {
                return new Run("the request cannot be built", null, false);
            }

            using var response = await session.HttpClient.SendAsync(request).ConfigureAwait(false);
            var body = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
            return new Run(null, response.IsSuccessStatusCode ? null : $"status {response.StatusCode}", body == "arrived");
        }
        catch (Exception denied) when (denied is IAccessDenied access)
        {
            return new Run(access.Decision.ToString(), null, HasArrived(test))
            {
                Rule = access.Decision.Reason?.Rule,
                Skipped = Tested is not null && test.IsAllowed && HttpUnderTest.IsChoice(access.Decision) ? $"not granted: {access.Decision.Reason?.Rule}" : null,
            };
        }
        catch (Exception error)
        {
            return new Run(null, $"{error.GetType().Name}: {error.Message}", HasArrived(test));
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
    private bool HasArrived(HttpCase test) => _wire.Arrivals.Count > test.Redirects.Count;

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

    private sealed record Run(string? Denial, string? Error, bool HasEffect)
    {
        public string? Rule { get; init; }

        public string? Skipped { get; init; }
    }
}
