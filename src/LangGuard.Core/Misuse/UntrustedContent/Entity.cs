using System.Buffers;

namespace LangGuard.Misuse;

/// <summary>Recognises what a piece of text names and writes its canonical form. Whole pieces only, never a part of one.</summary>
internal static class Entity
{
    internal const int MaxLength = 512;

    private static readonly SearchValues<char> Dots = SearchValues.Create(".\u3002\uFF0E\uFF61");
    private static readonly SearchValues<char> NoEnding = SearchValues.Create("_@,;'()");
    private static readonly SearchValues<char> AfterHost = SearchValues.Create("/?#:\\");

    private const string UnmistakableFileEndings =
        " txt md pdf doc docx xls xlsx csv tsv ppt pptx odt ods rtf json xml yaml yml toml ini cfg conf log html htm css js ts cs"
        + " py rb go rs java kt c h cpp sh ps1 bat sql db sqlite zip tar gz png jpg jpeg gif svg webp mp3 mp4 wav ics eml msg bak tmp ";

    /// <summary>The kind of a piece of text, with its canonical form in <paramref name="key"/>.</summary>
    internal static EntityKind Read(ReadOnlySpan<char> text, Span<char> key, out int length)
    {
        length = 0;
        if (text.Length is 0 or > MaxLength)
        {
            return EntityKind.None;
        }

        return TryEmail(text, key, out length) ? EntityKind.Email
            : TryUrl(text, key, out length) ? EntityKind.Url
            : TryIban(text, key, out length) ? EntityKind.Iban
            : TryId(text, key, out length) ? EntityKind.Id
            : TryHost(text, key, out length) ? EntityKind.Host
            : TryPath(text, key, out length) ? EntityKind.Path
            : EntityKind.None;
    }

    internal static bool TryEmail(ReadOnlySpan<char> text, Span<char> key, out int length)
    {
        length = 0;
        var at = text.IndexOf('@');
        if (at is <= 0 or > 64 || text.Length > 254 || !IsDomain(text[(at + 1)..], least: 2))
        {
            return false;
        }

        foreach (var c in text[..at])
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-' or '+'))
            {
                return false;
            }
        }

        length = text.ToLowerInvariant(key);
        return true;
    }

    /// <summary>A URL with a scheme, or a host followed by a path. Without a scheme the key is the same, so that a user need not
    /// write it. False also for what only looks like one; see <see cref="LooksLikeUrl"/>.</summary>
    internal static bool TryUrl(ReadOnlySpan<char> text, Span<char> key, out int length)
    {
        length = 0;
        if (text.Length > MaxLength)
        {
            return false;
        }

        var rest = text;
        var scheme = SchemeOf(text);
        if (scheme > 0)
        {
            if (!text[..scheme].Equals("https", StringComparison.OrdinalIgnoreCase)
                && !text[..scheme].Equals("http", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            rest = text[(scheme + 1)..];
            if (!rest.StartsWith("//") || rest.StartsWith("///"))
            {
                return false;
            }

            rest = rest[2..];
        }

        var end = rest.IndexOfAny("/?#");
        var authority = end < 0 ? rest : rest[..end];
        if (scheme <= 0 && end <= 0)
        {
            return false;
        }

        var port = authority.IndexOf(':');
        var host = port < 0 ? authority : authority[..port];
        if (!IsDomain(host, scheme > 0 ? 1 : 2) || (port >= 0 && authority[(port + 1)..].ContainsAnyExceptInRange('0', '9')))
        {
            return false;
        }

        if (rest.Contains('\\'))
        {
            return false;
        }

        length = authority.ToLowerInvariant(key);
        var path = end < 0 ? default : rest[end..];
        path = path is "/" ? default : path;
        path.CopyTo(key[length..]);
        length += path.Length;
        return true;
    }

    /// <summary>Whether a client may take the text for a link: then it is known only when <see cref="TryUrl"/> reads it.</summary>
    internal static bool LooksLikeUrl(ReadOnlySpan<char> text)
    {
        if (SchemeOf(text) > 1)
        {
            return true;
        }

        var plain = text.TrimStart("/\\");
        if (plain.Length < text.Length && text.Length - plain.Length >= 2)
        {
            return true;
        }

        var end = plain.IndexOfAny(AfterHost);
        var host = end < 0 ? plain : plain[..end];
        if (end < 0 && host.Contains('@'))
        {
            return false;
        }

        var dot = host.LastIndexOfAny(Dots);
        return dot > 0 && dot < host.Length - 2
            && (end >= 0 || !IsFileEnding(host[(dot + 1)..]))
            && !host[(dot + 1)..].ContainsAnyInRange('0', '9')
            && !host[(dot + 1)..].ContainsAny(NoEnding);
    }

    internal static bool TryHost(ReadOnlySpan<char> text, Span<char> key, out int length)
    {
        length = 0;
        if (text.Length > 253 || !IsDomain(text, 2) || IsFileEnding(text[(text.LastIndexOf('.') + 1)..]))
        {
            return false;
        }

        length = text.ToLowerInvariant(key);
        return true;
    }

    /// <summary>Two letters, two digits and 10 to 30 more; spaces between groups do not count.</summary>
    internal static bool TryIban(ReadOnlySpan<char> text, Span<char> key, out int length)
    {
        length = 0;
        foreach (var c in text)
        {
            if (c == ' ')
            {
                continue;
            }

            if (!char.IsAsciiLetterOrDigit(c) || length >= 34)
            {
                return false;
            }

            key[length++] = char.ToUpperInvariant(c);
        }

        return length >= 14 && char.IsAsciiLetter(key[0]) && char.IsAsciiLetter(key[1])
            && char.IsAsciiDigit(key[2]) && char.IsAsciiDigit(key[3]);
    }

    /// <summary>Letters, digits, <c>-</c> and <c>_</c> with a digit among them.</summary>
    internal static bool TryId(ReadOnlySpan<char> text, Span<char> key, out int length)
    {
        length = 0;
        text = text.TrimStart('#');
        if (text.Length is 0 or > 64 || !text.ContainsAnyInRange('0', '9'))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        text.CopyTo(key);
        length = text.Length;
        return true;
    }

    /// <summary>Whether an id says by itself what it names: long, or letters and digits mixed.</summary>
    internal static bool IsDistinct(ReadOnlySpan<char> id) =>
        id.Length >= 6 || (id.Length >= 4 && id.ContainsAnyExceptInRange('0', '9'));

    /// <summary>A name with a file ending, or several names with <c>/</c> between.</summary>
    internal static bool TryPath(ReadOnlySpan<char> text, Span<char> key, out int length)
    {
        length = 0;
        var hasSeparator = text.ContainsAny('/', '\\');
        var dot = text.LastIndexOf('.');
        if (!hasSeparator && (dot < 0 || dot == text.Length - 1))
        {
            return false;
        }

        text.Replace(key, '\\', '/');
        var path = key[..text.Length];
        while (path.StartsWith("./"))
        {
            path[2..].CopyTo(path);
            path = path[..^2];
        }

        length = path.Length;
        var trimmed = ((ReadOnlySpan<char>)path).Trim('/');
        if (trimmed.Length < length)
        {
            trimmed.CopyTo(key);
            length = trimmed.Length;
        }

        return length > 0;
    }

    internal static bool IsFileEnding(ReadOnlySpan<char> ending)
    {
        Span<char> word = stackalloc char[12];
        if (ending.Length is 0 or > 10)
        {
            return false;
        }

        word[0] = ' ';
        ending.ToLowerInvariant(word[1..]);
        word[ending.Length + 1] = ' ';
        return UnmistakableFileEndings.AsSpan().IndexOf(word[..(ending.Length + 2)]) >= 0;
    }

    /// <summary>The length of a scheme that slashes follow, or -1. One letter is a drive.</summary>
    private static int SchemeOf(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        if (colon <= 1 || colon + 1 >= text.Length || text[colon + 1] is not ('/' or '\\'))
        {
            return -1;
        }

        foreach (var c in text[..colon])
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
            {
                return -1;
            }
        }

        return colon;
    }

    private static bool IsDomain(ReadOnlySpan<char> text, int least)
    {
        var labels = 0;
        while (true)
        {
            var dot = text.IndexOf('.');
            var label = dot < 0 ? text : text[..dot];
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (var c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                {
                    return false;
                }
            }

            labels++;
            if (dot < 0)
            {
                return labels >= least && (least == 1 || (label.Length >= 2 && char.IsAsciiLetter(label[0])));
            }

            text = text[(dot + 1)..];
        }
    }
}
