using System.Buffers;

namespace LangGuard.Misuse;

/// <summary>Finds links in text that goes out.</summary>
internal static class OutgoingLinks
{
    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n\"<>`|{}");
    private static readonly SearchValues<char> Separators = SearchValues.Create("()[],;='\"*");
    private static readonly SearchValues<char> Marks = SearchValues.Create(".:/\\\u3002\uFF0E\uFF61");

    /// <summary>Whether the text holds a link that the given test does not know. What a client may take for a link but has no
    /// clear reading counts as unknown.</summary>
    internal static bool HoldsUnknown(ReadOnlySpan<char> text, Provenance provenance, KnownValues trusted)
    {
        if (!text.ContainsAny(Marks))
        {
            return false;
        }

        var rest = text;
        while (rest.IndexOf(':') is var colon and >= 0)
        {
            if (colon + 1 < rest.Length && rest[colon + 1] is '/' or '\\')
            {
                var start = colon;
                while (start > 0 && (char.IsAsciiLetterOrDigit(rest[start - 1]) || rest[start - 1] is '+' or '-'))
                {
                    start--;
                }

                var end = rest[colon..].IndexOfAny(Ends);
                var url = rest[start..(end < 0 ? rest.Length : colon + end)].TrimEnd("'()[],;:!?.*_\u2019");
                if (colon - start > 1 && !IsKnown(url, provenance, trusted))
                {
                    return true;
                }
            }

            rest = rest[(colon + 1)..];
        }

        for (var at = 0; at < text.Length && text[at..].IndexOfAny(Marks) is var next and >= 0;)
        {
            var piece = EntityText.At(text, at + next, out at);
            if (piece.ContainsAny(Marks) && NamesUnknown(piece, provenance, trusted))
            {
                return true;
            }
        }

        return false;
    }

    private static bool NamesUnknown(ReadOnlySpan<char> piece, Provenance provenance, KnownValues trusted)
    {
        if (piece.Contains("://", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var part in piece.SplitAny(Separators))
        {
            var name = piece[part].Trim("'.:!?_*");
            if (!name.IsEmpty && Entity.LooksLikeUrl(name) && !IsKnown(name, provenance, trusted))
            {
                return true;
            }
        }

        return false;
    }

    internal static bool IsKnown(ReadOnlySpan<char> url, Provenance provenance, KnownValues trusted)
    {
        Span<char> key = stackalloc char[Entity.MaxLength];
        url = url.StartsWith("//") ? url[2..] : url;
        if (Entity.TryUrl(url, key, out var length))
        {
            ReadOnlySpan<char> canonical = key[..length];
            return provenance.IsOfUser(EntityKind.Url, canonical)
                || trusted.Contains(EntityKind.Url, canonical)
                || (!canonical.ContainsAny("/?#")
                    && (provenance.IsOfUser(EntityKind.Host, canonical) || trusted.Contains(EntityKind.Host, canonical)));
        }

        return Entity.TryHost(url, key, out length)
            && (provenance.IsOfUser(EntityKind.Host, key[..length]) || trusted.Contains(EntityKind.Host, key[..length]));
    }
}
