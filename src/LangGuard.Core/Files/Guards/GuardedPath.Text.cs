namespace LangGuard.Files;

/// <summary>Text in, text out: the platform's own members, which touch nothing.</summary>
internal sealed partial class GuardedPath
{
    public char AltDirectorySeparatorChar => Path.AltDirectorySeparatorChar;

    public char DirectorySeparatorChar => '/';

    public char PathSeparator => Path.PathSeparator;

    public char VolumeSeparatorChar => Path.VolumeSeparatorChar;

    public string? ChangeExtension(string? path, string? extension) => Path.ChangeExtension(path, extension);

    public string Combine(string path1, string path2) => Path.Combine(path1, path2);

    public string Combine(string path1, string path2, string path3) => Path.Combine(path1, path2, path3);

    public string Combine(string path1, string path2, string path3, string path4) => Path.Combine(path1, path2, path3, path4);

    public string Combine(params string[] paths) => Path.Combine(paths);

    public string Combine(params ReadOnlySpan<string> paths) => Path.Combine(paths);

    public bool EndsInDirectorySeparator(ReadOnlySpan<char> path) => Path.EndsInDirectorySeparator(path);

    public bool EndsInDirectorySeparator(string path) => Path.EndsInDirectorySeparator(path);

    public ReadOnlySpan<char> GetDirectoryName(ReadOnlySpan<char> path) => Path.GetDirectoryName(path);

    public string? GetDirectoryName(string? path) => Path.GetDirectoryName(path);

    public ReadOnlySpan<char> GetExtension(ReadOnlySpan<char> path) => Path.GetExtension(path);

    public string? GetExtension(string? path) => Path.GetExtension(path);

    public ReadOnlySpan<char> GetFileName(ReadOnlySpan<char> path) => Path.GetFileName(path);

    public string? GetFileName(string? path) => Path.GetFileName(path);

    public ReadOnlySpan<char> GetFileNameWithoutExtension(ReadOnlySpan<char> path) => Path.GetFileNameWithoutExtension(path);

    public string? GetFileNameWithoutExtension(string? path) => Path.GetFileNameWithoutExtension(path);

    public char[] GetInvalidFileNameChars() => Path.GetInvalidFileNameChars();

    public char[] GetInvalidPathChars() => Path.GetInvalidPathChars();

    public ReadOnlySpan<char> GetPathRoot(ReadOnlySpan<char> path) => Path.GetPathRoot(path);

    public string? GetPathRoot(string? path) => Path.GetPathRoot(path);

    public string GetRandomFileName() => Path.GetRandomFileName();

    public bool HasExtension(ReadOnlySpan<char> path) => Path.HasExtension(path);

    public bool HasExtension(string? path) => Path.HasExtension(path);

    public bool IsPathFullyQualified(ReadOnlySpan<char> path) => !path.IsEmpty && PathParser.IsSeparator(path[0]);

    public bool IsPathFullyQualified(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return IsPathFullyQualified(path.AsSpan());
    }

    public bool IsPathRooted(ReadOnlySpan<char> path) => Path.IsPathRooted(path);

    public bool IsPathRooted(string? path) => Path.IsPathRooted(path);

    public string Join(ReadOnlySpan<char> path1, ReadOnlySpan<char> path2) => Path.Join(path1, path2);

    public string Join(ReadOnlySpan<char> path1, ReadOnlySpan<char> path2, ReadOnlySpan<char> path3) =>
        Path.Join(path1, path2, path3);

    public string Join(
        ReadOnlySpan<char> path1, ReadOnlySpan<char> path2, ReadOnlySpan<char> path3, ReadOnlySpan<char> path4) =>
        Path.Join(path1, path2, path3, path4);

    public string Join(string? path1, string? path2) => Path.Join(path1, path2);

    public string Join(string? path1, string? path2, string? path3) => Path.Join(path1, path2, path3);

    public string Join(string? path1, string? path2, string? path3, string? path4) => Path.Join(path1, path2, path3, path4);

    public string Join(params string?[] paths) => Path.Join(paths);

    public string Join(params ReadOnlySpan<string?> paths) => Path.Join(paths);

    public ReadOnlySpan<char> TrimEndingDirectorySeparator(ReadOnlySpan<char> path) => Path.TrimEndingDirectorySeparator(path);

    public string TrimEndingDirectorySeparator(string path) => Path.TrimEndingDirectorySeparator(path);

    public bool TryJoin(ReadOnlySpan<char> path1, ReadOnlySpan<char> path2, Span<char> destination, out int charsWritten) =>
        Path.TryJoin(path1, path2, destination, out charsWritten);

    public bool TryJoin(
        ReadOnlySpan<char> path1,
        ReadOnlySpan<char> path2,
        ReadOnlySpan<char> path3,
        Span<char> destination,
        out int charsWritten) =>
        Path.TryJoin(path1, path2, path3, destination, out charsWritten);
}
