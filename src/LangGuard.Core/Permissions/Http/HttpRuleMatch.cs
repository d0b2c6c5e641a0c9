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

        bodyReason = CheckCredential(rule, operation) ?? rule.Body?.Check(operation);
        return bodyReason is null ? null : HttpMiss.Body;
    }

    /// <summary>Null when the agent leaves the place of credentials free where the guard fills it.</summary>
    private static Reason? CheckCredential(HttpRule rule, HttpOperation operation)
    {
        if (rule.Credential is { } own)
        {
            return own.Check(operation);
        }

        foreach (var other in rule.AllCredentials)
        {
            if (other.IsSameOrigin(operation) && other.FillsSlot(operation))
            {
                return CredentialReasons.Slot;
            }
        }

        return null;
    }

    /// <summary>Whether the rule covers method, endpoint and query.</summary>
    public static bool IsReached(HttpRule rule, HttpOperation operation) =>
        IsSameOrigin(rule, operation) && (rule.Verbs & operation.Verb) != 0 && MatchesPath(rule.Path, operation)
        && rule.Query.Accepts(operation.Query) && !DisguisedMethod.IsHidden(rule, operation);

    public static bool IsSameOrigin(HttpRule rule, HttpOperation operation) =>
        rule.Port == operation.Port && rule.IsHttps == operation.IsHttps;

    public static bool MatchesPath(PathTemplate template, HttpOperation operation)
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
