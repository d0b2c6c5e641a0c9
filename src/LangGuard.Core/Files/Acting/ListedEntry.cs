namespace LangGuard.Files;

/// <summary>An entry as the caller sees it.</summary>
internal readonly record struct ListedEntry(string Path, bool IsDirectory);
