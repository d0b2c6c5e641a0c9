using System.Net.Http.Headers;
using LangGuard.Ablation;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>The last look at a message before it leaves: it is the one that was decided on, its URL means one thing, the rule
/// that granted it covers it, and it holds no header that no rule can allow, whoever put it there.</summary>
internal static class WireCheck
{
    public static Reason? Refuse(EgressRequest request, HttpOperation decided, HttpGrant grant, WallsOff off)
    {
        if (!decided.IsAbout(request.Url) || HttpVerbNames.Parse(request.Method.Method) != decided.Verb)
        {
            return HttpReasons.Unbound;
        }

        if (!off.Has(Wall.WireUrl) && WireUrl.Problem(request.Url) is { } problem and not UrlProblem.None)
        {
            return HttpReasons.Url(problem);
        }

        if (!off.Has(Wall.WireRules) && !IsCovered(decided, grant))
        {
            return HttpReasons.Endpoint;
        }

        return (request.HasHeaders && HasForbidden(request.Headers.NonValidated, request.CredentialHeader))
            || (request.Content is { } content && HasForbidden(content.Headers.NonValidated, null))
            ? HttpReasons.ForbiddenHeader
            : null;
    }

    private static bool IsCovered(HttpOperation decided, HttpGrant grant)
    {
        foreach (var rule in grant.Rules)
        {
            if (!HttpRuleIndex.StillGrants(rule, decided))
            {
                return false;
            }
        }

        return grant.Rules.Length > 0;
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
