using System.Buffers;
using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>Reads the path of a rule.</summary>
internal static class PathTemplateParser
{
    private const int MaxSegments = 64;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

    /// <param name="text">The path, from its first slash.</param>
    /// <param name="offset">Where the path begins in the current word, for messages.</param>
    /// <param name="isDeny">Deny rules match loosely, so empty segments say nothing.</param>
    /// <param name="reader">Makes the message.</param>
    public static PathTemplate Parse(string text, int offset, bool isDeny, HttpRuleReader reader)
    {
        if (text.Contains('?') || text.Contains('#'))
        {
            throw reader.ExpectedAt(
                offset + text.IndexOfAny(['?', '#']), "the end of the path; list query keys with 'query'");
        }

        var segments = new List<PathSegment>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var at = 1;
        foreach (var part in text[1..].Split('/'))
        {
            if (!isDeny || part.Length > 0)
            {
                segments.Add(ParseSegment(part, offset + at, isDeny, names, reader));
            }

            at += part.Length + 1;
        }

        if (segments.Count > MaxSegments)
        {
            throw reader.ExpectedAt(offset, $"at most {MaxSegments} segments");
        }

        return new PathTemplate([.. segments], text);
    }

    private static PathSegment ParseSegment(
        string part, int offset, bool isDeny, HashSet<string> names, HttpRuleReader reader)
    {
        if (part == "**")
        {
            return PathSegment.AnyNumber;
        }

        if (part == "*")
        {
            return PathSegment.OfSlot(isDeny ? SlotRule.Unbounded : SlotRule.Default);
        }

        if (part.Length > 2 && part[0] == '{' && part[^1] == '}')
        {
            return PathSegment.OfSlot(ParseSlot(part[1..^1], offset + 1, isDeny, names, reader));
        }

        var wild = part.AsSpan().IndexOfAny("*{}");
        if (wild >= 0)
        {
            throw reader.ExpectedAt(offset + wild, "'*', '**' or '{name}' only as a whole segment");
        }

        // The literal is kept decoded, as the readings of a path are.
        if (!PercentEncoding.IsWellFormed(part)
            || !PercentEncoding.TryDecode(part, '/', out var literal, out var hadSlash) || hadSlash
            || PercentEncoding.HasEscape(literal) || literal is "." or ".."
            || literal.AsSpan().ContainsAnyInRange('\0', '\u001f') || literal.Contains('\\'))
        {
            throw reader.ExpectedAt(offset, "a literal segment without dot segments, backslashes or double encoding");
        }

        return PathSegment.Literal(literal);
    }

    private static SlotRule ParseSlot(
        string text, int offset, bool isDeny, HashSet<string> names, HttpRuleReader reader)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw reader.ExpectedAt(offset, "a slot name of letters, digits, '_', '-' or '.'");
        }

        if (!names.Add(name))
        {
            throw reader.ExpectedAt(offset, $"each slot name once; '{name}' is there twice");
        }

        if (colon < 0)
        {
            return isDeny ? SlotRule.Unbounded : SlotRule.Default;
        }

        return SlotRule.Parse(text.AsSpan(colon + 1))
            ?? throw reader.ExpectedAt(
                offset + colon + 1, "a type: int, number, bool, uuid, hex, slug, date, text, text(length) or a|b|c");
    }
}
