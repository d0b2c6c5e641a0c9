namespace LangGuard.Permissions;

/// <summary>
/// The built-in catalogue of files that a grant for a whole tree does not cover: secrets, and files that turn into code or
/// policy when somebody else reads them. A single file is unlocked by its exact name.
/// </summary>
internal static class SensitiveFiles
{
    private const FilePermissions Secret = SensitiveCatalogue.Secret;
    private const FilePermissions Control = SensitiveCatalogue.Control;

    private static readonly SensitiveNames Names = new(SensitiveCatalogue.Names);
    private static readonly SensitiveNames Suffixes = new(SensitiveCatalogue.Suffixes);

    /// <summary>The verbs that the catalogue denies for a name in folded form.</summary>
    public static FilePermissions DeniedFor(ReadOnlySpan<char> name)
    {
        FilePermissions denied = Find(name, out bool hasCopy);

        // A secret does not stop being one when an editor or a person keeps a copy beside it.
        return hasCopy && denied != Secret && IsCopyOfSecret(name) ? denied | Secret : denied;
    }

    private static bool IsCopyOfSecret(ReadOnlySpan<char> name)
    {
        const int onStack = 512;
        Span<char> originals = name.Length <= onStack ? stackalloc char[onStack] : new char[name.Length];
        return (Find(originals[..BackupNames.WriteOriginals(name, originals)], out _) & FilePermissions.Read) != 0;
    }

    private static FilePermissions Find(ReadOnlySpan<char> name, out bool hasCopy)
    {
        FilePermissions denied = FilePermissions.None;
        ReadOnlySpan<char> above = default;
        bool inUserSecrets = false;
        bool inModules = false;
        hasCopy = false;
        while (!name.IsEmpty)
        {
            int cut = name.IndexOf('/');
            ReadOnlySpan<char> part = cut < 0 ? name : name[..cut];
            denied |= Names.Match(part, name) | ByShape(part, isLast: cut < 0);
            denied |= ByPlace(part, above, inUserSecrets, inModules);
            hasCopy |= BackupNames.IsOne(part);
            inUserSecrets |= Is(part, "usersecrets");
            inModules |= Is(part, "modules") && Is(above, ".git");
            above = part;
            name = cut < 0 ? [] : name[(cut + 1)..];
        }

        return denied;
    }

    /// <summary>What counts at any depth beneath a directory, or in one whose name only ends in something.</summary>
    private static FilePermissions ByPlace(ReadOnlySpan<char> part, ReadOnlySpan<char> above, bool inUserSecrets, bool inModules)
    {
        // The remote's address, and with it the token, stands in the configuration of submodules and bare repositories too.
        bool isRepository = inModules || above.EndsWith(".git", StringComparison.OrdinalIgnoreCase);
        return (inUserSecrets && Is(part, "secrets.json")) || (isRepository && Is(part, "config")) ? Secret : FilePermissions.None;
    }

    private static FilePermissions ByShape(ReadOnlySpan<char> part, bool isLast)
    {
        int dot = part.LastIndexOf('.');
        if (dot < 0)
        {
            return FilePermissions.None;
        }

        ReadOnlySpan<char> suffix = part[dot..];
        FilePermissions denied = Suffixes.Match(suffix, suffix);
        if (part[0] == '.' && IsHiddenSecret(part, suffix[1..], isLast))
        {
            denied |= Secret;
        }

        if (suffix.Contains('-') && IsSideFile(suffix))
        {
            denied |= Control;
        }

        // A file of this name says where the repository is, hooks and all.
        if (isLast && Is(part, ".git"))
        {
            denied |= FilePermissions.Create | FilePermissions.Modify | FilePermissions.Link;
        }

        return HoldsState(part) ? denied | Secret : denied;
    }

    private static bool IsHiddenSecret(ReadOnlySpan<char> part, ReadOnlySpan<char> suffix, bool isLast) =>
        (part.Length > 5 && part.StartsWith(".env.", StringComparison.OrdinalIgnoreCase) && !IsTemplate(suffix))

        // Every shell and prompt keeps what was typed into it, passwords included, in a file of its own name.
        || part.EndsWith("_history", StringComparison.OrdinalIgnoreCase)
        || (isLast && part.Equals(".history", StringComparison.OrdinalIgnoreCase));

    /// <summary>The state of an infrastructure, with its locks and numbered backups; not a word that begins like it.</summary>
    private static bool HoldsState(ReadOnlySpan<char> part)
    {
        const string state = ".tfstate";
        int at = part.IndexOf(state, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && (at + state.Length == part.Length || !char.IsAsciiLetter(part[at + state.Length]));
    }

    // A planted journal beside a database changes committed rows without one statement.
    private static bool IsSideFile(ReadOnlySpan<char> suffix) =>
        suffix.EndsWith("-journal", StringComparison.OrdinalIgnoreCase)
        || suffix.EndsWith("-wal", StringComparison.OrdinalIgnoreCase)
        || suffix.EndsWith("-shm", StringComparison.OrdinalIgnoreCase);

    private static bool IsTemplate(ReadOnlySpan<char> suffix) =>
        Is(suffix, "example") || Is(suffix, "sample") || Is(suffix, "template") || Is(suffix, "schema");

    private static bool Is(ReadOnlySpan<char> part, string name) => part.Equals(name, StringComparison.OrdinalIgnoreCase);
}
