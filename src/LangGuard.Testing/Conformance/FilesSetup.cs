namespace LangGuard.Testing.Conformance;

/// <summary>One thing that stands in the world before a case is run.</summary>
/// <param name="Kind">mkdir, file, symlink, hardlink or fifo.</param>
/// <param name="Path">Where.</param>
/// <param name="Target">What a link leads to.</param>
/// <param name="Content">What a file holds.</param>
internal sealed record FilesSetup(string Kind, string Path, string? Target, string? Content);
