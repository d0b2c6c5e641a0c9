using System.Globalization;
using LangGuard.Files;

namespace LangGuard.Conformance;

/// <summary>
/// A thread exchanges an inside directory with a link to outside, and an inside file with a link to an outside file, as fast
/// as the kernel can, while another carries out every kind of operation through the guard.
/// </summary>
public static class FilesRace
{
    private const string Secret = "OUTSIDE-SECRET";

    public static FilesRaceResult Run(int operations, string backend = "auto")
    {
        var folder = Directory.CreateTempSubdirectory("langguard-race-").FullName;
        try
        {
            return Run(folder, operations, backend switch
            {
                "walk" => FileConfinement.HandleWalk,
                "portable" => FileConfinement.VerifyAfterOpen,
                _ => null,
            });
        }
        finally
        {
            // Removes links themselves; none is followed.
            Directory.Delete(folder, recursive: true);
        }
    }

    private static FilesRaceResult Run(string folder, int operations, FileConfinement? backend)
    {
        var root = Path.Combine(folder, "root");
        var outside = Path.Combine(folder, "outside");
        Build(root, outside);
        var policy = Policy.Create(guard => guard.AnticipateMisuse(Unlimited).LimitPermissions(allow => allow.Files("race", root, files =>
        {
            files.Read("**").Write("**").Delete("**").Trusted("**").Limit(limits =>
            {
                limits.SessionReadBytes = limits.SessionWriteBytes = limits.SessionFiles = long.MaxValue / 4;
            });
            files.Options.ForcedConfinement = backend;
        })));
        using var session = GuardSession.Create(policy, new Principal("race"));
        var before = Describe(outside);
        long exchanges = 0;
        using var stop = new CancellationTokenSource();
        var attacker = new Thread(() => exchanges = Exchange(root, stop.Token)) { IsBackground = true };
        attacker.Start();
        var escapes = new List<string>();
        long succeeded = 0;
        for (var i = 0; i < operations; i++)
        {
            try
            {
                var seen = Act(session.FileSystem, i);
                succeeded++;
                if (seen.Contains(Secret, StringComparison.Ordinal))
                {
                    escapes.Add($"operation {i} returned what is outside: {seen}");
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Refused or gone for the moment: that is what a race may cost.
                if (error.Message.Contains(Secret, StringComparison.Ordinal))
                {
                    escapes.Add($"operation {i} told what is outside: {error.Message}");
                }
            }

            if (i % 2_000 == 0 && Describe(outside) != before)
            {
                escapes.Add($"something outside had changed by operation {i}");
                break;
            }
        }

        stop.Cancel();
        attacker.Join();
        if (Describe(outside) != before)
        {
            escapes.Add("something outside has changed");
        }

        return new FilesRaceResult(operations, succeeded, exchanges, escapes);
    }

    // A quota that is used up, or a pause after many denials, would refuse the rest of the run, and the race would show nothing.
    private static void Unlimited(MisuseBuilder misuse) => misuse
        .LimitUsage(usage => usage.Calls(long.MaxValue / 4))
        .DetectLoops(loops => loops.Pause(TimeSpan.FromTicks(1)));

    private static void Build(string root, string outside)
    {
        Directory.CreateDirectory(Path.Combine(root, "sub"));
        Directory.CreateDirectory(Path.Combine(outside, "deep"));
        foreach (var name in new[] { "a.txt", "b.txt", "c.txt" })
        {
            File.WriteAllText(Path.Combine(root, "sub", name), "inside");
            File.WriteAllText(Path.Combine(outside, name), Secret);
        }

        File.WriteAllText(Path.Combine(outside, "deep", Secret), Secret);
        File.WriteAllText(Path.Combine(root, "file.txt"), "inside");
        File.CreateSymbolicLink(Path.Combine(root, "file.swap"), Path.Combine(outside, "a.txt"));
        Directory.CreateSymbolicLink(Path.Combine(root, "sub.swap"), outside);
    }

    private static long Exchange(string root, CancellationToken stop)
    {
        long count = 0;
        var sub = Path.Combine(root, "sub");
        var file = Path.Combine(root, "file.txt");
        for (var turn = 1; !stop.IsCancellationRequested; turn++)
        {
            // Both names lead inside for most of the time, so that operations get far before the ground moves; the pauses
            // are uneven, so that the two threads do not fall into step.
            Thread.SpinWait(turn * 37 % 6_011);
            count += ExchangedNames.TryExchange(sub, sub + ".swap") ? 1 : 0;
            count += ExchangedNames.TryExchange(file, Path.Combine(root, "file.swap")) ? 1 : 0;
            Thread.SpinWait(turn * 53 % 211);
            count += ExchangedNames.TryExchange(sub, sub + ".swap") ? 1 : 0;
            count += ExchangedNames.TryExchange(file, Path.Combine(root, "file.swap")) ? 1 : 0;
        }

        return count;
    }

    /// <summary>One operation; what it returned, which must never be what is outside.</summary>
    private static string Act(GuardedFileSystem files, int turn)
    {
        var name = $"sub/n{(turn % 7).ToString(CultureInfo.InvariantCulture)}.txt";
        switch (turn % 14)
        {
            case 0:
                return files.File.ReadAllText("sub/a.txt");
            case 1:
                return files.File.ReadAllText("file.txt");
            case 2:
                files.File.WriteAllText("sub/b.txt", "X");
                return string.Empty;
            case 3:
                files.File.WriteAllText("file.txt", "X");
                return string.Empty;
            case 4:
                return string.Join(',', files.Directory.GetFileSystemEntries("sub", "*", SearchOption.AllDirectories));
            case 5:
                files.File.WriteAllText(name, "X");
                return string.Empty;
            case 6:
                files.File.Delete(name);
                return string.Empty;
            case 7:
                files.File.Move("sub/c.txt", "sub/d.txt", overwrite: true);
                return string.Empty;
            case 8:
                files.File.Move("sub/d.txt", "sub/c.txt", overwrite: true);
                return string.Empty;
            case 9:
                files.File.Copy("sub/a.txt", name, overwrite: true);
                return files.File.ReadAllText(name);
            case 10:
                return files.FileInfo.New("file.txt").Length == Secret.Length ? Secret : string.Empty;
            case 11:
                files.File.AppendAllText("file.txt", "Y");
                files.File.WriteAllText("file.txt", "inside");
                return string.Empty;
            case 12:
                files.Directory.CreateDirectory("sub/new/deeper");
                files.Directory.Delete("sub/new", recursive: true);
                return string.Empty;
            default:
                files.File.SetLastWriteTimeUtc("sub/a.txt", DateTime.UnixEpoch);
                using (var stream = files.File.Open("sub/a.txt", FileMode.Open))
                {
                    stream.Write("inside"u8);
                    return new StreamReader(stream).ReadToEnd();
                }
        }
    }

    private static string Describe(string folder) => string.Join('\n', new DirectoryInfo(folder)
        .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .OrderBy(entry => entry.FullName, StringComparer.Ordinal)
        .Select(entry => string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.FullName} {entry.LastWriteTimeUtc.Ticks} {(entry is FileInfo file ? File.ReadAllText(file.FullName) : "folder")}")));
}
