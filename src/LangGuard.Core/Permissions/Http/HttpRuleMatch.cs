using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>Whether one rule grants one request whose host it names.</summary>
internal static class HttpRuleMatch
{
    /// <summary>Null when the rule grants the request.</summary>
    public static HttpMiss? Check(HttpRule rule, HttpOperation operation, out Reason? bodyReason)
    {
        bodyReason = null;
        if (!IsSameOrigin(rule, operation) || !MatchesPath(rule.Path, operation))
        {
            return HttpMiss.Endpoint;
        }

        if ((rule.Verbs & operation.Verb) == 0)
        {
            return HttpMiss.Method;
        }

        if (!rule.Query.Accepts(operation.Query))
        {
            return HttpMiss.Query;
        }

        if (!rule.Headers.IsAny && !operation.HeadersAccepted(rule.Headers))
        {
            return HttpMiss.Header;
        }

        if (DisguisedMethod.IsHidden(rule, operation))
        {
            return HttpMiss.Disguise;
        }

        bodyReason = rule.Body?.Check(operation);
        return bodyReason is null ? null : HttpMiss.Body;
    }

    public static bool IsSameOrigin(HttpRule rule, HttpOperation operation) =>
        rule.Port == operation.Port && rule.IsHttps == operation.IsHttps;

    private static bool MatchesPath(PathTemplate template, HttpOperation operation)
    {
        var readings = operation.PathReadings;
        if (readings.Length == 0)
        {
            return template.Matches(operation.Path);
        }

        foreach (var reading in readings)
        {
            if (!template.Matches(reading))
            {
                return false;
            }
        }

        return true;
    }
}
