using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Reads where a response redirects to. The header is read raw: its typed form drops or rewrites odd input.</summary>
internal static class RedirectTarget
{
    public const int MaxRedirects = 5;

    /// <summary>False when the response is no redirect. A redirect without a usable target is refused.</summary>
    public static bool TryRead(
        HttpResponseMessage response, CanonicalUrl from, out string location, out Uri? target, out Reason? problem)
    {
        target = null;
        problem = null;
        location = string.Empty;
        if ((int)response.StatusCode is not (300 or 301 or 302 or 303 or 307 or 308)
            || !response.Headers.NonValidated.TryGetValues("Location", out var values))
        {
            return false;
        }

        location = values.ToString();
        if (values.Count != 1 || location.Length is 0 or > UrlCanonicalizer.MaxLength)
        {
            problem = HttpReasons.BadRedirect;
            return true;
        }

        if (Resolve(location, from) is not { } resolved || !Uri.TryCreate(resolved, UriKind.Absolute, out target))
        {
            problem = HttpReasons.BadRedirect;
        }
        else if (from.IsHttps && target.Scheme == Uri.UriSchemeHttp)
        {
            problem = HttpReasons.Downgrade;
        }

        return true;
    }

    /// <summary>As the platform does: a changed method loses its body.</summary>
    public static HttpVerbs NextVerb(int status, HttpVerbs verb) => status switch
    {
        300 or 301 or 302 when verb == HttpVerbs.Post => HttpVerbs.Get,
        303 when verb is not (HttpVerbs.Get or HttpVerbs.Head) => HttpVerbs.Get,
        _ => verb,
    };

    private static string? Resolve(string location, CanonicalUrl from)
    {
        var data = location.IndexOfAny(['?', '#']);
        var hierarchy = data < 0 ? location : location[..data];
        if (hierarchy.Contains('\\', StringComparison.Ordinal) || location.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            return null;
        }

        if (location.StartsWith("//", StringComparison.Ordinal))
        {
            return $"{from.Scheme}:{location}";
        }

        var colon = hierarchy.IndexOf(':', StringComparison.Ordinal);
        var slash = hierarchy.IndexOf('/', StringComparison.Ordinal);
        if (colon >= 0 && (slash < 0 || colon < slash))
        {
            return location;
        }

        var origin = $"{from.Scheme}://{from.Authority}";
        if (location[0] == '/')
        {
            return origin + location;
        }

        var path = from.Path;
        return location[0] is '?' or '#'
            ? $"{origin}{path}{location}"
            : $"{origin}{path[..(path.LastIndexOf('/') + 1)]}{location}";
    }
}
