namespace LangGuard.Files;

/// <summary>An entry of a tree, parents before what they hold.</summary>
/// <param name="Name">The name relative to the directory that the tree was read from.</param>
/// <param name="IsDirectory">Whether it is a directory and not a link to one.</param>
internal readonly record struct TreeEntry(string Name, bool IsDirectory);
