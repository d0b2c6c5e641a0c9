using System.Text;

namespace LangGuard.Permissions;

/// <summary>
/// Brings names that some file system takes for the same into one form: case, compatible letters, ignorable code points,
/// trailing dots and spaces. Used to match names against denials only. A name is never opened in folded form.
/// </summary>
internal static class NameFolding
{
    /// <summary>Whether a name is its own folded form, apart from ASCII case, which matching ignores anyway.</summary>
    public static bool IsPlain(ReadOnlySpan<char> name)
    {
        if (!Ascii.IsValid(name))
        {
            return false;
        }

        for (int at = name.IndexOfAny('.', ' '); at >= 0; at = name.IndexOfAny('.', ' '))
        {
            name = name[(at + 1)..];
            if (name.IsEmpty || name[0] == '/')
            {
                return false;
            }
        }

        return true;
    }

    public static string Fold(string name)
    {
        string decomposed = CanonicalForms.Decompose(name);
        StringBuilder folded = new(decomposed.Length);
        foreach (string part in decomposed.Split('/'))
        {
            if (folded.Length > 0)
            {
                folded.Append('/');
            }

            int start = folded.Length;
            foreach (Rune rune in part.EnumerateRunes())
            {
                Append(folded, rune);
            }

            TrimEnd(folded, start);
        }

        return folded.ToString();
    }

    private static void Append(StringBuilder folded, Rune rune)
    {
        if (IsIgnorable(rune.Value))
        {
            return;
        }

        // Full case folding of file systems reaches ASCII from outside it; simple case mapping does not.
        string? special = rune.Value switch
        {
            0x0131 or 0x0130 => "I",
            0x017F => "S",
            0x212A => "K",
            0x00DF or 0x1E9E => "SS",
            0xFB00 => "FF",
            0xFB01 => "FI",
            0xFB02 => "FL",
            0xFB03 => "FFI",
            0xFB04 => "FFL",
            0xFB05 or 0xFB06 => "ST",
            _ => null,
        };
        if (special is not null)
        {
            folded.Append(special);
        }
        else
        {
            folded.Append(Rune.ToUpperInvariant(rune).ToString());
        }
    }

    private static void TrimEnd(StringBuilder folded, int start)
    {
        while (folded.Length > start && folded[^1] is '.' or ' ')
        {
            folded.Length--;
        }

        // A stream name belongs to the file before the colon.
        for (int i = start; OperatingSystem.IsWindows() && i < folded.Length; i++)
        {
            if (folded[i] == ':')
            {
                folded.Length = i;
            }
        }
    }

    private static bool IsIgnorable(int value) => value is 0x00AD or 0x034F or 0x061C or 0x115F or 0x1160
        or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E)
        or (>= 0x2060 and <= 0x206F) or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0
        or (>= 0xFFF0 and <= 0xFFF8) or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A)
        or (>= 0xE0000 and <= 0xE0FFF);
}
