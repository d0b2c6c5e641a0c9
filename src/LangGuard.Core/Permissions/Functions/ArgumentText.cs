using System.Buffers;
using System.Collections.Frozen;

namespace LangGuard.Permissions;

/// <summary>Reads hosts and paths out of arguments, strictly: a text that two parsers could read differently is none.</summary>
internal static class ArgumentText
{
    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-");

    private static readonly SearchValues<char> NotInUrl = SearchValues.Create("\\\"<>^`{|} ");

    private static readonly SearchValues<char> NotInPath = SearchValues.Create("\\:*?\"<>|%~$");

    internal static bool IsHostName(string name) =>
        name.Length is > 0 and <= 253
        && !name.AsSpan().ContainsAnyExcept(HostCharacters)
        && name[0] is not ('.' or '-') && name[^1] is not ('.' or '-')
        && !name.Contains("..", StringComparison.Ordinal);

    internal static bool IsOnHost(string text, FrozenSet<string> hosts)
    {
        if (IsHostName(text))
        {
            return hosts.Contains(text);
        }

        if (!System.Text.Ascii.IsValid(text) || text.AsSpan().ContainsAny(NotInUrl) || text.Any(char.IsControl))
        {
            return false;
        }

        var scheme = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : 0;
        if (scheme == 0)
        {
            return false;
        }

        // The host as written and the host as parsed have to be the same one.
        var rest = text.AsSpan(scheme);
        var end = rest.IndexOfAny('/', '?', '#');
        var authority = end < 0 ? rest : rest[..end];
        var port = authority.IndexOf(':');
        var host = (port < 0 ? authority : authority[..port]).ToString();
        return IsHostName(host)
            && hosts.Contains(host)
            && Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.UserInfo.Length == 0
            && string.Equals(url.IdnHost, host, StringComparison.OrdinalIgnoreCase);
    }

    /// <param name="text">The path; a directory may end with <c>/</c>.</param>
    /// <param name="root">What it has to be, or to be below.</param>
    internal static bool IsUnder(string text, string root) =>
        IsPlainPath(text.Length > 1 && text[^1] == '/' ? text[..^1] : text)
        && text.StartsWith(root, StringComparison.Ordinal)
        && (text.Length == root.Length || root == "/" || text[root.Length] == '/');

    /// <summary>Absolute, with <c>/</c>, and without anything that a file system or shell could read in another way.</summary>
    internal static bool IsPlainPath(string text)
    {
        if (text.Length == 0 || text[0] != '/' || text.AsSpan().ContainsAny(NotInPath) || text.Any(char.IsControl))
        {
            return false;
        }

        if (text == "/")
        {
            return true;
        }

        foreach (var range in text.AsSpan(1).Split('/'))
        {
            if (text.AsSpan(1)[range] is "" or "." or ".." || text.AsSpan(1)[range][^1] is '.' or ' ')
            {
                return false;
            }
        }

        return true;
    }
}
