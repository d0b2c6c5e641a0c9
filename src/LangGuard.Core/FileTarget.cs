using LangGuard.Files;

namespace LangGuard;

/// <summary>One access of a file operation: which name beneath which root, for which verbs.</summary>
/// <param name="Root">The name of the root in the policy.</param>
/// <param name="Path">The requested name relative to the root, with <c>/</c>; empty for the root itself.</param>
/// <param name="ResolvedPath">The name after links were followed; the same as <paramref name="Path"/> without links.</param>
/// <param name="Permissions">The verbs that the access needs, all of them.</param>
public readonly record struct FileTarget(string Root, string Path, string ResolvedPath, FilePermissions Permissions)
{
    /// <summary>Which file it is, whatever it is called; unknown for what does not exist yet.</summary>
    internal FileIdentity Identity { get; init; }

    /// <summary>Which directory the guard holds under the root's name. Another policy may use the name for another one.</summary>
    internal string? Anchor { get; init; }

    /// <summary>Further names of the same file, and names that come into being on the way: none of them may be denied.</summary>
    internal IReadOnlyList<string>? OtherNames { get; init; }

    /// <summary>Every name beneath a directory that is deleted or moved whole: each needs the verbs too.</summary>
    internal IReadOnlyList<string>? Contents { get; init; }

    /// <summary>Why this object can not be used whatever the rules say. Told only to those whom the rules allow.</summary>
    internal Reason? Obstacle { get; init; }

    /// <summary>How many names the file has, where its content is wanted; otherwise 0.</summary>
    internal long Links { get; init; }

    /// <summary>Whether the guard may have come through a mount beneath the root.</summary>
    internal bool SpansMounts { get; init; }

    /// <inheritdoc />
    public override string ToString() => ResolvedPath.Length == 0 ? $"{Permissions} /{Root}" : $"{Permissions} /{Root}/{ResolvedPath}";
}
