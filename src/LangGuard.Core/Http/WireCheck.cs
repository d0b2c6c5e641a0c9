using System.Net.Http.Headers;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>The last look at a message before it leaves: it is the one that was decided on, and holds no header that no rule
/// can allow, whoever put it there.</summary>
internal static class WireCheck
{
    public static Reason? Refuse(EgressRequest request, HttpOperation decided)
    {
        if (!decided.IsAbout(request.Url))
        {
            return HttpReasons.Unbound;
        }

        return (request.HasHeaders && HasForbidden(request.Headers.NonValidated, request.CredentialHeader))
            || (request.Content is { } content && HasForbidden(content.Headers.NonValidated, null))
            ? HttpReasons.ForbiddenHeader
            : null;
    }

    private static bool HasForbidden(HttpHeadersNonValidated headers, string? credential)
    {
        foreach (var header in headers)
        {
            if ((!RequestHeaders.IsToken(header.Key) || RequestHeaders.IsForbidden(header.Key))
                && !header.Key.Equals(credential, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
