namespace LangGuard.Files;

/// <summary>Names of entries. They are data from outside: only plain relative names are unpacked.</summary>
internal static class ArchiveEntryName
{
    private const int MaxLength = 1024;

    /// <summary>The parts of a name, without a trailing separator.</summary>
    /// <exception cref="ArchiveException">The name is not a plain relative name.</exception>
    internal static string[] Parse(string name, int maxDepth)
    {
        var shown = Shown(name);
        if (name.Length is 0 or > MaxLength)
        {
            throw new ArchiveException($"The name of an entry is empty or too long: '{shown}'.");
        }

        if (name[0] == '/' || name.Contains('\\', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal)
            || name.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            throw new ArchiveException($"The name of an entry is not a plain relative name: '{shown}'.");
        }

        string[] parts = [.. name.TrimEnd('/').Split('/').Where(part => part != ".")];
        if (Array.Exists(parts, part => part.Length == 0 || part == ".."))
        {
            throw new ArchiveException($"The name of an entry leads out of the archive or has an empty part: '{shown}'.");
        }

        return parts.Length <= maxDepth
            ? parts
            : throw new ArchiveException($"An entry lies deeper than {maxDepth} directories: '{shown}'.");
    }

    /// <summary>A name for people: without control characters, and short.</summary>
    internal static string Shown(string name)
    {
        const int limit = 80;
        var cut = name.Length <= limit ? name : name[..limit];
        return string.Concat(cut.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '?' : c));
    }
}
