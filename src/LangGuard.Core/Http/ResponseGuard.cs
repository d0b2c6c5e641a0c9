using System.Collections.Frozen;
using System.Net;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Checks a response and puts its body under the limits of the grant.</summary>
internal static class ResponseGuard
{
    // What a client never sends back.
    private static readonly FrozenSet<string> OfNoUse = new[]
    {
        "Accept-Ranges", "Connection", "Content-Length", "Date", "Keep-Alive", "Server", "Strict-Transport-Security",
        "Transfer-Encoding", "Vary", "X-Content-Type-Options", "X-Frame-Options", "X-Powered-By",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Bodies up to here, of a stated length and without encoding, are read at once: no wrapper, no deadline left.</summary>
    public const int ReadAtOnce = 16 * 1024;

    // Instructions to the client rather than content: another route, a reload, state.
    private static readonly string[] Dropped = ["Alt-Svc", "Refresh", "Set-Cookie", "Set-Cookie2", "Clear-Site-Data"];

    /// <summary>Refuses what the limits do not allow, before a byte of the body is read.</summary>
    /// <returns>Whether the body is short and plain, so that it can be read at once.</returns>
    public static bool Check(HttpResponseMessage response, HttpLimits limits, HttpVerbs verb, AttachedCredential? credential)
    {
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            throw EgressDenial.Of(HttpReasons.ProtocolSwitch);
        }

        foreach (var name in Dropped)
        {
            response.Headers.Remove(name);
        }

        credential?.ScrubHeaders(response);
        if (HasNoBody(response, verb))
        {
            return true;
        }

        var content = response.Content;
        var length = content.Headers.ContentLength;
        CheckType(content, limits, length);
        var isPlain = ContentDecoding.Of(content) == ContentDecoding.None;
        if (length > limits.MaxResponseBytes || (isPlain && length > limits.MaxContentBytes))
        {
            throw EgressDenial.Of(HttpReasons.ResponseTooLarge);
        }

        return isPlain && length <= ReadAtOnce && credential is null && !IsEventStream(content);
    }

    public static bool HasNoBody(HttpResponseMessage response, HttpVerbs verb) =>
        verb == HttpVerbs.Head || (int)response.StatusCode is 204 or 304;

    /// <summary>Puts the body under the limits, for as long as the caller reads.</summary>
    public static void Wrap(HttpResponseMessage response, Exchange exchange, AttachedCredential? credential)
    {
        exchange.Observe(response);
        response.Content = new GuardedContent(response.Content, exchange, ContentDecoding.Of(response.Content), credential);
        exchange.HandOver(response);
    }

    /// <summary>A message that trailers do not reach: they arrive after everything that could scrub them.</summary>
    public static HttpResponseMessage Detach(HttpResponseMessage response)
    {
        var detached = new HttpResponseMessage(response.StatusCode)
        {
            Version = response.Version,
            ReasonPhrase = response.ReasonPhrase,
            Content = response.Content,
        };
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            detached.Headers.TryAddWithoutValidation(name, values);
        }

        return detached;
    }

    /// <summary>Shows tags, links and other values that a client sends back to the layers that learn where values come from.</summary>
    public static void Observe(HttpResponseMessage response, Permit permit)
    {
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            if (!OfNoUse.Contains(name))
            {
                permit.Observe(values.ToString());
            }
        }
    }

    public static bool IsEventStream(HttpContent content) =>
        string.Equals(MediaType(content), "text/event-stream", StringComparison.OrdinalIgnoreCase);

    private static void CheckType(HttpContent content, HttpLimits limits, long? length)
    {
        if (limits.ContentTypes is { } types && length != 0
            && (MediaType(content) is not { } type || !types.Contains(type)))
        {
            throw EgressDenial.Of(HttpReasons.ResponseType);
        }
    }

    private static string? MediaType(HttpContent content)
    {
        if (!content.Headers.NonValidated.TryGetValues("Content-Type", out var values))
        {
            return null;
        }

        // Two types are no type: servers and clients would pick different ones.
        var text = values.Count == 1 ? values.ToString() : string.Empty;
        var parameters = text.IndexOf(';', StringComparison.Ordinal);
        return parameters < 0 ? text : text[..parameters].Trim();
    }
}
