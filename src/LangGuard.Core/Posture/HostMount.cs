namespace LangGuard.Posture;

/// <summary>One mount as this process sees it.</summary>
/// <param name="Root">The directory of the file system that is mounted.</param>
/// <param name="Point">Where.</param>
/// <param name="IsReadOnly">Whether nothing can be written there.</param>
/// <param name="FileSystem">The type.</param>
public sealed record HostMount(string Root, string Point, bool IsReadOnly, string FileSystem)
{
    /// <summary>Reads one line; null when it is not one.</summary>
    internal static HostMount? Parse(string line)
    {
        var separator = line.IndexOf(" - ", StringComparison.Ordinal);
        var fields = line.Split(' ');
        if (separator < 0 || fields.Length < 7)
        {
            return null;
        }

        var tail = line[(separator + 3)..].Split(' ');
        var isReadOnly = fields[5].Split(',').Contains("ro") || (tail.Length > 2 && tail[2].Split(',').Contains("ro"));
        return new HostMount(Unescape(fields[3]), Unescape(fields[4]), isReadOnly, tail[0]);
    }

    private static string Unescape(string text) => text.Replace("\\040", " ", StringComparison.Ordinal)
        .Replace("\\011", "\t", StringComparison.Ordinal).Replace("\\012", "\n", StringComparison.Ordinal)
        .Replace("\\134", "\\", StringComparison.Ordinal);
}
