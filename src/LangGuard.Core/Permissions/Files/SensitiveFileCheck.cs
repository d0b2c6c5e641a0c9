namespace LangGuard.Permissions;

/// <summary>The catalogue of sensitive files, with the names that a root unlocks. Asked twice, by the rules and by the guard, so
/// that neither has to be right alone.</summary>
internal sealed class SensitiveFileCheck(IDictionary<string, FilePermissions> unlocked)
{
    private readonly Dictionary<string, FilePermissions> _unlocked = new(unlocked, StringComparer.Ordinal);

    /// <summary>Why a name is denied, or null.</summary>
    public Reason? Refuse(string name, FilePermissions needed) =>
        Refuse(name, NameFolding.IsPlain(name) ? name : NameFolding.Fold(name), needed);

    /// <summary>The same for a name whose folded form is known.</summary>
    public Reason? Refuse(string name, string folded, FilePermissions needed)
    {
        FilePermissions sensitive = SensitiveFiles.DeniedFor(folded) & needed;
        return sensitive != FilePermissions.None
            && (!_unlocked.TryGetValue(name, out FilePermissions allowed) || (sensitive & ~allowed) != 0)
            ? FileReasons.Sensitive
            : null;
    }
}
