namespace LangGuard.Misuse;

/// <summary>Things that no honest work touches: reading or sending one freezes the session.</summary>
internal sealed class CanaryOptions
{
    /// <summary>Files by root and name, such as <c>kb/old/passwords.txt</c>. Listing and searching pass them by. Default:
    /// none.</summary>
    public ISet<string> Files { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Texts in files or rows that never belong in anything that is sent, in whatever encoding; at least 6 characters.
    /// Default: none.</summary>
    public ISet<string> Values { get; } = new HashSet<string>(StringComparer.Ordinal);
}
