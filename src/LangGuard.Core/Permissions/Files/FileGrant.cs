namespace LangGuard.Permissions;

/// <summary>The file permission that matched: which verbs, with which limits.</summary>
internal sealed class FileGrant : Grant
{
    private readonly IReadOnlySet<string>[] _writeExtensions;

    internal FileGrant(
        FilePermissions permissions,
        FileLimits limits,
        bool trusted = false,
        FileContentKinds denyContent = FileContentKinds.Program,
        params IReadOnlySet<string>[] writeExtensions)
        : base(Surface.Files, trusted)
    {
        Permissions = permissions;
        Limits = limits;
        DenyContent = denyContent;
        _writeExtensions = writeExtensions;
    }

    /// <summary>The verbs that the matching rules allow.</summary>
    public FilePermissions Permissions { get; }

    /// <summary>Kinds of content that may not be written.</summary>
    public FileContentKinds DenyContent { get; }

    internal FileLimits Limits { get; }

    /// <summary>Whether every name beneath the directory that was asked for may be listed by this grant.</summary>
    internal bool CoversTree { get; init; }

    /// <inheritdoc />
    public override Grant Intersect(Grant other)
    {
        if (ReferenceEquals(this, other))
        {
            return this;
        }

        FileGrant grant = (FileGrant)other;
        return new FileGrant(
            Permissions & grant.Permissions,
            Limits.Intersect(grant.Limits),
            Trusted && grant.Trusted,
            DenyContent | grant.DenyContent,
            [.. _writeExtensions, .. grant._writeExtensions])
        {
            CoversTree = CoversTree && grant.CoversTree,
        };
    }

    /// <summary>Whether a file of this name may be written; every set of extensions has to hold it.</summary>
    internal bool AllowsExtension(ReadOnlySpan<char> name)
    {
        if (_writeExtensions.Length == 0)
        {
            return true;
        }

        string extension = Path.GetExtension(name).ToString();
        return Array.TrueForAll(_writeExtensions, set => set.Contains(extension));
    }
}
