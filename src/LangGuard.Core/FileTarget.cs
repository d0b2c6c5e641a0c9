namespace LangGuard;

/// <summary>One access of a file operation: which name beneath which root, for which verbs.</summary>
/// <param name="Root">The name of the root in the policy.</param>
/// <param name="Path">The requested name relative to the root, with <c>/</c>; empty for the root itself.</param>
/// <param name="ResolvedPath">The name after links were followed; the same as <paramref name="Path"/> without links.</param>
/// <param name="Permissions">The verbs that the access needs, all of them.</param>
public readonly record struct FileTarget(string Root, string Path, string ResolvedPath, FilePermissions Permissions)
{
    /// <inheritdoc />
    public override string ToString() => $"{Permissions} /{Root}/{ResolvedPath}";
}
