using System.Net;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Copies a caller's message into one that only the guard holds, and refuses what no rule can allow.</summary>
internal static class RequestCopy
{
    // What may follow a redirect to another origin: nothing that identifies or authorizes, nothing of the caller's making.
    private static readonly string[] AnyOrigin =
    [
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Cache-Control", "Pragma", "Range", "User-Agent",
    ];

    private static readonly Version HighestVersion = HttpVersion.Version20;

    /// <summary>Copies method, version and headers. Null when nothing is wrong.</summary>
    public static Reason? TryCopy(HttpRequestMessage from, EgressRequest to, bool sameOrigin)
    {
        // HTTP/3 would connect without the address check, so that a higher version is never asked for.
        to.Version = from.Version > HighestVersion || from.VersionPolicy == HttpVersionPolicy.RequestVersionOrHigher
            ? HighestVersion
            : from.Version;
        to.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        foreach (var (name, values) in from.Headers.NonValidated)
        {
            if (!IsSound(name, values))
            {
                return HttpReasons.MalformedHeader;
            }

            if (RequestHeaders.IsForbidden(name) && !to.TakesAnyHeader)
            {
                if (!IsHarmless(name, values, from, to))
                {
                    return HttpReasons.ForbiddenHeader;
                }
            }
            else if (sameOrigin || Array.Exists(AnyOrigin, any => any.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                to.HasHeaders = true;
                to.Headers.TryAddWithoutValidation(name, values);
            }
        }

        return null;
    }

    public static Reason? CheckContentHeaders(HttpContent content, EgressRequest to)
    {
        foreach (var (name, values) in content.Headers.NonValidated)
        {
            if (!IsSound(name, values))
            {
                return HttpReasons.MalformedHeader;
            }

            if (RequestHeaders.IsForbidden(name) && !to.TakesAnyHeader)
            {
                return HttpReasons.ForbiddenHeader;
            }
        }

        return null;
    }

    private static bool IsSound(string name, System.Net.Http.Headers.HeaderStringValues values)
    {
        if (!RequestHeaders.IsToken(name))
        {
            return false;
        }

        foreach (var value in values)
        {
            if (!RequestHeaders.IsValue(value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What the typed header properties set by themselves, and means nothing else. It is not copied.</summary>
    private static bool IsHarmless(
        string name, System.Net.Http.Headers.HeaderStringValues values, HttpRequestMessage from, EgressRequest to)
    {
        if (values.Count != 1)
        {
            return false;
        }

        var value = values.ToString();
        if (name.Equals("Host", StringComparison.OrdinalIgnoreCase))
        {
            return value.Equals(to.Url.Authority, StringComparison.OrdinalIgnoreCase)
                || value.Equals(to.Url.Host, StringComparison.OrdinalIgnoreCase);
        }

        if (name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
        {
            return value.Equals("close", StringComparison.OrdinalIgnoreCase)
                || value.Equals("keep-alive", StringComparison.OrdinalIgnoreCase);
        }

        // Streaming a body of unknown length; with a known length it would be a second framing.
        return name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
            && value.Equals("chunked", StringComparison.OrdinalIgnoreCase)
            && from.Content is { Headers.ContentLength: null };
    }
}
