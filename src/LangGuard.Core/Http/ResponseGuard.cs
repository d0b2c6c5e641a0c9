using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Checks a response and puts its body under the limits of the grant.</summary>
internal static class ResponseGuard
{
    /// <summary>Bodies up to here, of a stated length and without encoding, are read at once: no wrapper, no deadline left.</summary>
    private const int ReadAtOnce = 16 * 1024;

    // Instructions to the client rather than content: another route, a reload, state.
    private static readonly string[] Dropped = ["Alt-Svc", "Refresh", "Set-Cookie", "Set-Cookie2", "Clear-Site-Data"];

    public static async ValueTask GuardAsync(
        HttpResponseMessage response,
        Exchange exchange,
        HttpVerbs verb,
        AttachedCredential? credential,
        CancellationToken cancellationToken)
    {
        foreach (var name in Dropped)
        {
            response.Headers.Remove(name);
        }

        credential?.ScrubHeaders(response);
        if (verb == HttpVerbs.Head || (int)response.StatusCode is 204 or 304)
        {
            exchange.BeginResult();
            exchange.Finish(OutcomeStatus.Succeeded);
            return;
        }

        var limits = exchange.Grant.Limits;
        var content = response.Content;
        var length = content.Headers.ContentLength;
        CheckType(content, limits, length);
        var encoding = ContentDecoding.Of(content);
        if (length > limits.MaxResponseBytes || (encoding == ContentDecoding.None && length > limits.MaxContentBytes))
        {
            throw EgressDenial.Of(HttpReasons.ResponseTooLarge);
        }

        exchange.BeginResult();
        if (length <= ReadAtOnce && encoding == ContentDecoding.None && credential is null && !IsEventStream(content))
        {
            exchange.BeginRead();
            await content.LoadIntoBufferAsync(ReadAtOnce, cancellationToken).ConfigureAwait(false);
            exchange.BytesIn = length.Value;
            exchange.Finish(OutcomeStatus.Succeeded);
            return;
        }

        response.Content = new GuardedContent(content, exchange, encoding, credential);
        exchange.HandOver(response);
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
        return (parameters < 0 ? text : text[..parameters]).Trim();
    }
}
