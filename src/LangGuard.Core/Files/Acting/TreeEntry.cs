namespace LangGuard.Files;

/// <summary>An entry of a tree, parents before what they hold.</summary>
/// <param name="Name">The name relative to the directory that the tree was read from.</param>
/// <param name="IsDirectory">Whether it is a directory and not a link to one.</param>
/// <param name="LinkText">Where a link leads, as it is written; null for what is no link.</param>
internal readonly record struct TreeEntry(string Name, bool IsDirectory, string? LinkText);
