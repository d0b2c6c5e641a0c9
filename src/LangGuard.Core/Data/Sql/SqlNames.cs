using System.Text;

namespace LangGuard.Data;

/// <summary>Names as engines compare them: only the letters A to Z have a case.</summary>
internal static class SqlNames
{
    /// <summary>The name in lower case. Other letters stay: engines do not fold them either.</summary>
    internal static string Fold(string name)
    {
        foreach (var character in name)
        {
            if (char.IsAsciiLetterUpper(character))
            {
                return string.Create(name.Length, name, static (target, source) =>
                {
                    source.CopyTo(target);
                    FoldInPlace(target);
                });
            }
        }

        return name;
    }

    internal static void FoldInPlace(Span<char> name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsAsciiLetterUpper(name[i]))
            {
                name[i] = (char)(name[i] | 0x20);
            }
        }
    }

    /// <summary>Whether an engine that compares letters by their looks may take two names for one, although they are spelt
    /// differently: a wide letter for a narrow one, one with an accent for one without, one without weight for none.</summary>
    internal static bool CouldMean(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        (Ascii.IsValid(one), Ascii.IsValid(other)) switch
        {
            (true, true) => one.SequenceEqual(other),
            (false, true) => IsAround(one, other),
            (true, false) => IsAround(other, one),
            _ => true,
        };

    /// <summary>Whether the plain letters of a name stand in another one in the same order.</summary>
    private static bool IsAround(ReadOnlySpan<char> mixed, ReadOnlySpan<char> plain)
    {
        foreach (var character in mixed)
        {
            if (char.IsAscii(character))
            {
                var at = plain.IndexOf(character);
                if (at < 0)
                {
                    return false;
                }

                plain = plain[(at + 1)..];
            }
            else if (character is (>= '\u3041' and <= '\u318E') or (>= '\u3400' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3'))
            {
                // Looks like no letter from A to Z.
                return false;
            }
        }

        return true;
    }
}
