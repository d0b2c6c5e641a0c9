#pragma warning disable RS0030 // The table of mounts is a file of the kernel's.
using System.Text.RegularExpressions;

namespace LangGuard.Files;

/// <summary>Where the file systems of this process are mounted, and which part of each.</summary>
internal sealed partial class MountTable
{
    private readonly List<Mount> _mounts = [];

    /// <summary>Reads what the kernel tells; empty where it tells nothing.</summary>
    public static MountTable Read() => File.Exists("/proc/self/mountinfo") ? Parse(File.ReadLines("/proc/self/mountinfo")) : Parse([]);

    public static MountTable Parse(IEnumerable<string> lines)
    {
        MountTable table = new();
        foreach (string line in lines)
        {
            string[] fields = line.Split(' ');
            if (fields.Length > 5)
            {
                table._mounts.Add(new Mount(new HostPath(Unescape(fields[4])), fields[2], new HostPath(Unescape(fields[3]))));
            }
        }

        return table;
    }

    /// <summary>Whether a mount beneath the root is another view of a path, of something above it or of something in it.</summary>
    public bool Shows(HostPath root, HostPath path)
    {
        // The last mount over a place is the one that is seen.
        Mount? home = _mounts.FindLast(mount => mount.Point.Contains(path) && !_mounts.Exists(
            other => mount.Point.Contains(other.Point) && !other.Point.Contains(mount.Point) && other.Point.Contains(path)));
        if (home is null)
        {
            return false;
        }

        HostPath place = new($"{home.Part.Text}/{home.Point.RelativeOf(path)}");
        return _mounts.Exists(mount => root.Contains(mount.Point) && mount.Device == home.Device
            && (mount.Part.Contains(place) || place.Contains(mount.Part)));
    }

    private static string Unescape(string text) =>
        Escape().Replace(text, match => ((char)Convert.ToInt32(match.Value[1..], 8)).ToString());

    [GeneratedRegex(@"\\[0-7]{3}", RegexOptions.NonBacktracking)]
    private static partial Regex Escape();

    private sealed record Mount(HostPath Point, string Device, HostPath Part);
}
