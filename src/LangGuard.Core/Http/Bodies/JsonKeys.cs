using System.Text;

namespace LangGuard.Http;

/// <summary>Keys that servers read as one, and keys that do more than name a value.</summary>
internal static class JsonKeys
{
    public const int MaxLength = 256;

    /// <summary>The form in which two keys that some server takes for the same are equal.</summary>
    public static string Fold(ReadOnlySpan<char> key)
    {
        var folded = new StringBuilder(key.Length);
        foreach (var c in key)
        {
            folded.Append(Fold(c));
        }

        return folded.ToString();
    }

    public static bool AreAlike(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i] && Fold(left[i]) != Fold(right[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A key that changes the receiving program rather than its data.</summary>
    public static bool IsHostile(ReadOnlySpan<char> key) => key is "__proto__";

    /// <summary>A key that no reader shortens or reorders: no control characters, no bidirectional marks.</summary>
    public static bool IsPlain(ReadOnlySpan<char> key)
    {
        foreach (var c in key)
        {
            if (char.IsControl(c) || c is '\ufeff' or '\u2028' or '\u2029' or (>= '\u200b' and <= '\u200f')
                or (>= '\u202a' and <= '\u202e') or (>= '\u2060' and <= '\u206f'))
            {
                return false;
            }
        }

        return key.Length <= MaxLength;
    }

    private static char Fold(char c) => c switch
    {
        // Go and others fold these to ASCII letters; the invariant culture does not.
        '\u017f' => 'S',
        '\u212a' => 'K',
        '\u0130' or '\u0131' => 'I',
        _ => char.ToUpperInvariant(c),
    };
}
