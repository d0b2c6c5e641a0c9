namespace LangGuard.Auditing;

/// <summary>Where a path of the host's own really leads, for comparing places before anything is opened.</summary>
internal static class RealPath
{
    private const int MaxLinks = 64;

    internal static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        for (var i = 0; i < MaxLinks; i++)
        {
            if (FollowFirstLink(full) is not { } followed)
            {
                return full;
            }

            full = followed;
        }

        return full;
    }

    private static string? FollowFirstLink(string full)
    {
        var root = Path.GetPathRoot(full)!;
        var at = root;
        var parts = full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            at = Path.Combine(at, parts[i]);
            if (new DirectoryInfo(at).LinkTarget is { } target)
            {
                var rest = Path.Combine(parts[(i + 1)..]);
                return Path.TrimEndingDirectorySeparator(
                    Path.GetFullPath(Path.Combine(Path.GetDirectoryName(at)!, target, rest)));
            }
        }

        return null;
    }
}
