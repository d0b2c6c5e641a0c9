using System.Buffers;
using System.Text;

namespace LangGuard.Redaction;

/// <summary>Disarms what a chat page would load or follow: the address of an image carries data to a stranger without a
/// click.</summary>
internal static class ActiveContent
{
    private static readonly string[] LoadingTags =
        ["<img", "<image", "<iframe", "<script", "<object", "<embed", "<link", "<video", "<audio", "<source", "<svg", "<style", "<base", "<meta", "<form"];

    private const int MaxTag = 8 * 1024;

    private static readonly SearchValues<char> EndOfLink = SearchValues.Create(" \t\r\n<>\"'`)]}|");

    /// <summary>Removes images and loading tags. Plain links stay: an agent needs them to follow pages.</summary>
    internal static string Disarm(string text) => Rewrite(text, static _ => true, links: false);

    /// <summary>Removes images and links whose address the predicate does not accept, for text that people will see.</summary>
    internal static string Disarm(string text, Func<Uri, bool> isAllowed) => Rewrite(text, uri => !isAllowed(uri), links: true);

    private static string Rewrite(string text, Func<Uri, bool> isForbidden, bool links)
    {
        if (!text.AsSpan().ContainsAny("<[") && !(links && text.Contains("://", StringComparison.Ordinal)))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var at = 0;
        while (at < text.Length)
        {
            var (length, mark) = text[at] switch
            {
                '!' when Markdown(text, at + 1, isForbidden) is var image and > 0 => (image + 1, "image"),
                '[' when links && Markdown(text, at, isForbidden) is var link and > 0 => (link, "link"),
                '[' when Reference(text, at, isForbidden) is var reference and > 0 => (reference, "link"),
                '<' when Tag(text, at) is var tag and > 0 => (tag, "active content"),
                'h' or 'H' when links && BareLink(text, at, isForbidden) is var bare and > 0 => (bare, "link"),
                _ => (0, string.Empty),
            };
            if (length == 0)
            {
                result.Append(text[at++]);
                continue;
            }

            result.Append(ResultMarker.Removed(mark));
            at += length;
        }

        return result.ToString();
    }

    /// <summary><c>[words](address)</c>; words may hold brackets one level deep.</summary>
    private static int Markdown(string text, int at, Func<Uri, bool> isForbidden)
    {
        var close = CloseOfBracket(text, at);
        if (close < 0 || close + 1 >= text.Length || text[close + 1] != '(')
        {
            return 0;
        }

        var window = text.AsSpan(close + 2, Math.Min(MaxTag, text.Length - close - 2));
        var end = window.IndexOf(')');
        var target = (end < 0 ? window : window[..end]).Trim().TrimStart('<');
        var stop = target.IndexOfAny(" \t\r\n>");
        return IsForbidden(stop < 0 ? target : target[..stop], isForbidden)
            ? (end < 0 ? window.Length : end + 1) + close + 2 - at
            : 0;
    }

    /// <summary><c>[name]: address</c> at the start of a line, which an image elsewhere refers to.</summary>
    private static int Reference(string text, int at, Func<Uri, bool> isForbidden)
    {
        if (at > 0 && text[at - 1] is not ('\n' or '\r' or ' '))
        {
            return 0;
        }

        var close = CloseOfBracket(text, at);
        if (close < 0 || close + 1 >= text.Length || text[close + 1] != ':')
        {
            return 0;
        }

        var window = text.AsSpan(close + 2, Math.Min(MaxTag, text.Length - close - 2));
        var end = window.IndexOfAny('\r', '\n');
        var line = end < 0 ? window : window[..end];
        var target = line.Trim().TrimStart('<').TrimEnd('>');
        var stop = target.IndexOfAny(' ', '\t');
        return IsForbidden(stop < 0 ? target : target[..stop], isForbidden) ? line.Length + close + 2 - at : 0;
    }

    private static int Tag(string text, int at)
    {
        var window = text.AsSpan(at, Math.Min(MaxTag, text.Length - at));
        foreach (var tag in LoadingTags)
        {
            if (window.StartsWith(tag, StringComparison.OrdinalIgnoreCase)
                && (window.Length == tag.Length || !char.IsAsciiLetterOrDigit(window[tag.Length])))
            {
                var end = window.IndexOf('>');
                return end < 0 ? window.Length : end + 1;
            }
        }

        return 0;
    }

    private static int BareLink(string text, int at, Func<Uri, bool> isForbidden)
    {
        var window = text.AsSpan(at, Math.Min(MaxTag, text.Length - at));
        if (!window.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            && !window.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        var end = window.IndexOfAny(EndOfLink);
        var link = end < 0 ? window : window[..end];
        return IsForbidden(link, isForbidden) ? link.Length : 0;
    }

    /// <summary>Anything with a scheme or a host of its own; an address that does not parse counts as forbidden.</summary>
    private static bool IsForbidden(ReadOnlySpan<char> target, Func<Uri, bool> isForbidden)
    {
        if (target.StartsWith("//") || target.StartsWith("\\\\"))
        {
            return !Uri.TryCreate($"https:{target}", UriKind.Absolute, out var relative) || isForbidden(relative);
        }

        return target.Contains(':') && (!Uri.TryCreate(target.ToString(), UriKind.Absolute, out var uri) || isForbidden(uri));
    }

    private static int CloseOfBracket(string text, int at)
    {
        if (at >= text.Length || text[at] != '[')
        {
            return -1;
        }

        var depth = 0;
        var most = Math.Min(text.Length, at + 1024);
        for (var i = at; i < most; i++)
        {
            switch (text[i])
            {
                case '[':
                    depth++;
                    break;
                case ']' when --depth == 0:
                    return i;
                default:
                    break;
            }
        }

        return -1;
    }
}
