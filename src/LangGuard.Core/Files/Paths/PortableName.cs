namespace LangGuard.Files;

/// <summary>Tells names that mean the same on every system from those that Windows reads in its own way.</summary>
internal static class PortableName
{
    private static readonly System.Buffers.SearchValues<char> Refused = System.Buffers.SearchValues.Create(":*?\"<>|");

    private static readonly string[] Devices =
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$", "COM", "LPT"];

    public static bool IsPortable(ReadOnlySpan<char> name)
    {
        foreach (Range range in name.SplitAny('/', '\\'))
        {
            ReadOnlySpan<char> part = name[range];
            if (!part.IsEmpty && !IsPortablePart(part))
            {
                return false;
            }
        }

        // Where '\' does not separate, it would on Windows.
        return !name.Contains('\\');
    }

    private static bool IsPortablePart(ReadOnlySpan<char> part)
    {
        if (part[^1] is '.' or ' ' || part[0] == ' ' || part.ContainsAny(Refused))
        {
            return false;
        }

        foreach (char c in part)
        {
            if (c < ' ')
            {
                return false;
            }
        }

        return !IsDevice(part) && !IsShortName(part);
    }

    // "NUL.txt" is the device on some versions of Windows, so every extension counts.
    private static bool IsDevice(ReadOnlySpan<char> part)
    {
        int dot = part.IndexOf('.');
        ReadOnlySpan<char> stem = (dot < 0 ? part : part[..dot]).TrimEnd(' ');
        foreach (string device in Devices)
        {
            if (!stem.StartsWith(device, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            ReadOnlySpan<char> rest = stem[device.Length..];
            bool isNumbered = device is "COM" or "LPT";
            if (isNumbered ? rest.Length == 1 && (char.IsAsciiDigit(rest[0]) || rest[0] is '\u00B9' or '\u00B2' or '\u00B3') : rest.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    // An 8.3 name is a second spelling of a long one, which rules do not see.
    private static bool IsShortName(ReadOnlySpan<char> part)
    {
        int tilde = part.IndexOf('~');
        return tilde > 0 && tilde <= 6 && tilde + 1 < part.Length && char.IsAsciiDigit(part[tilde + 1]);
    }
}
