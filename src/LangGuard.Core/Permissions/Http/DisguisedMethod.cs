using System.Text;
using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>
/// Requests that make a server carry out another method than the one that was granted: <c>_method</c> in query or form,
/// and batch endpoints. The headers of this kind are refused for every rule.
/// </summary>
internal static class DisguisedMethod
{
    private static readonly string[] Keys =
    [
        "_method", "x-http-method-override", "x-http-method", "x-method-override", "_httpmethod", "http_method", "httpmethod",
        "method_override", "_httpmethodoverride",
    ];

    private static readonly string[] BatchSegments = ["$batch", "batch", "_batch", "_bulk", "_delete_by_query", "_update_by_query"];

    public static bool IsHidden(HttpRule rule, HttpOperation operation)
    {
        if (!operation.Query.IsEmpty && HasOverride(operation.Query, operation))
        {
            return true;
        }

        if (operation.Verb is HttpVerbs.Get or HttpVerbs.Head or HttpVerbs.Options && !operation.HasBody)
        {
            return false;
        }

        return IsUnnamedBatch(rule, operation) || (operation.HasBody && HasBodyOverride(rule, operation));
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
            foreach (var batch in BatchSegments)
            {
                if (segment.Equals(batch, StringComparison.OrdinalIgnoreCase) && !IsNamed(rule, batch))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsNamed(HttpRule rule, string segment) =>
        rule.Path.Segments.Any(named => string.Equals(named.Text, segment, StringComparison.OrdinalIgnoreCase));

    private static bool HasOverride(ReadOnlySpan<char> pairs, HttpOperation operation)
    {
        foreach (var range in pairs.SplitAny('&', ';'))
        {
            var pair = pairs[range];
            var equals = pair.IndexOf('=');
            var key = equals < 0 ? pair : pair[..equals];
            if (IsOverrideKey(key) && !IsSameMethod(equals < 0 ? default : pair[(equals + 1)..], operation))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOverrideKey(ReadOnlySpan<char> key)
    {
        if (key.Contains('%'))
        {
            var decoded = key.ToString();
            for (var depth = 0; depth < 4 && PercentEncoding.HasEscape(decoded); depth++)
            {
                if (!PercentEncoding.TryDecode(decoded, '/', out decoded, out _))
                {
                    return true;
                }
            }

            key = decoded;
        }

        key = key.Trim(" +[]\"'");
        foreach (var name in Keys)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSameMethod(ReadOnlySpan<char> value, HttpOperation operation) =>
        value.Equals(operation.Method, StringComparison.OrdinalIgnoreCase);

    private static bool HasBodyOverride(HttpRule rule, HttpOperation operation)
    {
        var type = operation.BodyMediaType ?? string.Empty;
        if (type.StartsWith("multipart/mixed", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("application/http", StringComparison.OrdinalIgnoreCase))
        {
            // The parts are requests of their own.
            return !BatchSegments.Any(batch => IsNamed(rule, batch));
        }

        var body = operation.Body.Span;
        if (type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return HasOverride(Encoding.Latin1.GetString(body), operation);
        }

        // In JSON and multipart forms the key alone decides: frameworks that read it there override without further ado.
        return (type.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
                || type.EndsWith("json", StringComparison.OrdinalIgnoreCase))
            && MentionsOverride(body);
    }

    private static bool MentionsOverride(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> name = "_method"u8;
        for (var at = body.IndexOf(name); at >= 0;)
        {
            if (at > 0 && body[at - 1] is (byte)'"' or (byte)'=' or (byte)'\'' && IsEnd(body[(at + name.Length)..]))
            {
                return true;
            }

            var next = body[(at + 1)..].IndexOf(name);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static bool IsEnd(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || rest[0] is (byte)'\r' or (byte)'\n' or (byte)';')
        {
            return true;
        }

        if (rest[0] is not ((byte)'"' or (byte)'\''))
        {
            return false;
        }

        // In JSON a value may be called _method; only a key is followed by a colon. In a multipart header a line ends here.
        var after = rest[1..].TrimStart(" \t\r\n"u8);
        return after.IsEmpty || after[0] == ':' || after.Length != rest.Length - 1 || after[0] == ';';
    }
}
