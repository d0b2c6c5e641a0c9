namespace LangGuard.Files;

/// <summary>One name in a directory. The kind is <see cref="FileKind.Missing"/> when the file system did not say.</summary>
internal readonly record struct DirectoryEntry(string Name, FileKind Kind);
