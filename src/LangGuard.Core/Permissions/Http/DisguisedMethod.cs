using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>
/// Requests that make a server carry out another method than the one that was granted: <c>_method</c> in query or body,
/// and batch endpoints. The headers of this kind are refused for every rule.
/// </summary>
internal static class DisguisedMethod
{
    private static readonly string[] BatchSegments = ["$batch", "batch", "_batch", "_bulk", "_delete_by_query", "_update_by_query"];

    public static bool IsHidden(HttpRule rule, HttpOperation operation)
    {
        if (!operation.Query.IsEmpty && FormOverrides.Has(operation.Query, operation.Verb))
        {
            return true;
        }

        if (operation.Verb is HttpVerbs.Get or HttpVerbs.Head or HttpVerbs.Options && !operation.HasBody)
        {
            return false;
        }

        return IsUnnamedBatch(rule, operation)
            || (operation.RequestBody is { } body && BodyOverrides.Has(body, operation.Verb, rule.Verbs, NamesBatch(rule)));
    }

    /// <summary>A batch endpoint has to be named by the rule; a wildcard does not grant one.</summary>
    private static bool IsUnnamedBatch(HttpRule rule, HttpOperation operation)
    {
        if (IsUnnamedBatch(rule, operation.Path))
        {
            return true;
        }

        foreach (var reading in operation.PathReadings)
        {
            if (IsUnnamedBatch(rule, reading))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUnnamedBatch(HttpRule rule, ReadOnlySpan<char> path)
    {
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            var parameters = segment.IndexOf(';');
            segment = (parameters < 0 ? segment : segment[..parameters]).TrimEnd(" .");
            foreach (var batch in BatchSegments)
            {
                if (segment.Equals(batch, StringComparison.OrdinalIgnoreCase) && !Names(rule, batch))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool NamesBatch(HttpRule rule)
    {
        foreach (var batch in BatchSegments)
        {
            if (Names(rule, batch))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Names(HttpRule rule, string segment)
    {
        foreach (var named in rule.Path.Segments)
        {
            if (string.Equals(named.Text, segment, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
