namespace LangGuard.Permissions;

/// <summary>Finds names of the catalogue, alone or as several parts in a row. A name that is in no entry is told apart by
/// its first letter and length, without a look-up.</summary>
internal sealed class SensitiveNames
{
    private const int Letters = 128;
    private readonly ulong[] _lengths = new ulong[Letters];
    private readonly Dictionary<string, List<(FilePermissions Denied, string[] Following)>> _entries =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, List<(FilePermissions Denied, string[] Following)>>.AlternateLookup<ReadOnlySpan<char>> _byName;

    public SensitiveNames(IEnumerable<(FilePermissions Denied, string Names)> catalogue)
    {
        foreach ((FilePermissions denied, string names) in catalogue)
        {
            foreach (string name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] parts = name.Replace('?', ' ').Split('/');
                Add(parts[0], denied, parts[1..]);
            }
        }

        _byName = _entries.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <param name="part">One part of a name.</param>
    /// <param name="rest">The name from that part on.</param>
    public FilePermissions Match(ReadOnlySpan<char> part, ReadOnlySpan<char> rest)
    {
        if (part.IsEmpty || part[0] >= Letters || part.Length >= 64 || (_lengths[part[0]] & (1UL << part.Length)) == 0
            || !_byName.TryGetValue(part, out List<(FilePermissions Denied, string[] Following)>? entries))
        {
            return FilePermissions.None;
        }

        FilePermissions denied = FilePermissions.None;
        foreach ((FilePermissions verbs, string[] following) in entries)
        {
            if (Follow(rest[part.Length..], following))
            {
                denied |= verbs;
            }
        }

        return denied;
    }

    private static bool Follow(ReadOnlySpan<char> rest, string[] parts)
    {
        foreach (string part in parts)
        {
            if (rest.Length <= part.Length || !rest[1..].StartsWith(part, StringComparison.OrdinalIgnoreCase)
                || (rest.Length > part.Length + 1 && rest[part.Length + 1] != '/'))
            {
                return false;
            }

            rest = rest[(part.Length + 1)..];
        }

        return true;
    }

    private void Add(string name, FilePermissions denied, string[] rest)
    {
        if (!_entries.TryGetValue(name, out List<(FilePermissions Denied, string[] Following)>? entries))
        {
            _entries.Add(name, entries = []);
        }

        entries.Add((denied, rest));
        _lengths[char.ToUpperInvariant(name[0])] |= 1UL << name.Length;
        _lengths[char.ToLowerInvariant(name[0])] |= 1UL << name.Length;
    }
}
