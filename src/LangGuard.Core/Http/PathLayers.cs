using System.Buffers;

namespace LangGuard.Http;

/// <summary>
/// The readings that servers and proxies may have of one path. A rule must hold in every one of them, so that no amount of
/// encoding moves a request out of its rule between here and the handler that answers it.
/// </summary>
internal static class PathLayers
{
    /// <summary>Stands for an encoded slash that was taken as data. A noncharacter: refused in input.</summary>
    public const char EncodedSlash = '\uFFFF';

    private const int MaxDepth = 4;

    // Characters that compatibility mapping turns into '.', '..', '/', '\', '%' or ';', or into a text that holds a slash.
    private static readonly SearchValues<char> Lookalikes = SearchValues.Create(
        "\uFF0E\uFF0F\uFF3C\uFF05\uFF1B\u2024\u2025\u2100\u2101\u2105\u2106\u037E\uFE30\uFE52\uFE54\uFE68\uFE6A");

    public static UrlProblem TryCreate(ReadOnlySpan<char> path, out string[]? layers)
    {
        layers = null;
        var problem = Check(path);
        if (problem != UrlProblem.None || !path.Contains('%'))
        {
            return problem;
        }

        var found = new List<string>(2);
        var current = path.ToString();
        for (var depth = 0; PercentEncoding.HasEscape(current); depth++)
        {
            if (depth == MaxDepth)
            {
                return UrlProblem.TooManyLayers;
            }

            if (!PercentEncoding.TryDecode(current, '/', out var decoded, out var hadSlash))
            {
                return UrlProblem.Encoding;
            }

            problem = Add(decoded, found);
            if (problem == UrlProblem.None && hadSlash)
            {
                PercentEncoding.TryDecode(current, EncodedSlash, out var asData, out _);
                found.Add(asData);
            }

            if (problem != UrlProblem.None)
            {
                return problem;
            }

            current = decoded;
        }

        layers = [.. found];
        return UrlProblem.None;
    }

    private static UrlProblem Add(string decoded, List<string> found)
    {
        if (decoded.Contains(EncodedSlash))
        {
            return UrlProblem.Encoding;
        }

        found.Add(decoded);
        var problem = Check(decoded);
        if (problem == UrlProblem.None && decoded.AsSpan().ContainsAny(Lookalikes))
        {
            var mapped = Map(decoded);
            found.Add(mapped);
            problem = Check(mapped);
        }

        return problem;
    }

    private static string Map(string text) => text
        .Replace("\u2025", "..", StringComparison.Ordinal).Replace("\uFE30", "..", StringComparison.Ordinal)
        .Replace("\u2100", "a/c", StringComparison.Ordinal).Replace("\u2101", "a/s", StringComparison.Ordinal)
        .Replace("\u2105", "c/o", StringComparison.Ordinal).Replace("\u2106", "c/u", StringComparison.Ordinal)
        .Replace('\uFF0E', '.').Replace('\u2024', '.').Replace('\uFE52', '.')
        .Replace('\uFF0F', '/')
        .Replace('\uFF3C', '\\').Replace('\uFE68', '\\')
        .Replace('\uFF05', '%').Replace('\uFE6A', '%')
        .Replace('\uFF1B', ';').Replace('\uFE54', ';').Replace('\u037E', ';');

    private static UrlProblem Check(ReadOnlySpan<char> path)
    {
        if (path.ContainsAnyInRange('\0', '\u001f') || path.ContainsAnyInRange('\u007f', '\u009f'))
        {
            return UrlProblem.Control;
        }

        if (path.Contains('\\'))
        {
            return UrlProblem.Backslash;
        }

        if (HasUnicodeEscape(path))
        {
            return UrlProblem.Escape;
        }

        return HasDotSegment(path) ? UrlProblem.DotSegment : UrlProblem.None;
    }

    /// <summary>%uXXXX, which some servers decode.</summary>
    private static bool HasUnicodeEscape(ReadOnlySpan<char> path)
    {
        for (var at = path.IndexOf('%'); at >= 0;)
        {
            if (at + 5 < path.Length && path[at + 1] is 'u' or 'U'
                && char.IsAsciiHexDigit(path[at + 2]) && char.IsAsciiHexDigit(path[at + 3])
                && char.IsAsciiHexDigit(path[at + 4]) && char.IsAsciiHexDigit(path[at + 5]))
            {
                return true;
            }

            var next = path[(at + 1)..].IndexOf('%');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    /// <summary>Also "..;x", which servlet containers cut to "..", and dots with spaces, which Windows servers trim.</summary>
    private static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        if (!path.Contains('.'))
        {
            return false;
        }

        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            var parameters = segment.IndexOf(';');
            if (parameters >= 0)
            {
                segment = segment[..parameters];
            }

            if (segment.Trim(' ') is "." or "..")
            {
                return true;
            }
        }

        return false;
    }
}
