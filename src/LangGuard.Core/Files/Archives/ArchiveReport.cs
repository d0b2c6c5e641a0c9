namespace LangGuard.Files;

/// <summary>What was unpacked.</summary>
/// <param name="Files">How many files.</param>
/// <param name="Directories">How many directories.</param>
/// <param name="Bytes">How many bytes.</param>
public sealed record ArchiveReport(int Files, int Directories, long Bytes);
