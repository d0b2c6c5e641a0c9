using System.Globalization;
using System.Security.Cryptography;
using System.Text;

#pragma warning disable RS0030 // The world around the guard: a folder of its own, made and looked at without one.

namespace LangGuard.Testing.Conformance;

/// <summary>A fresh folder with the root, and everything that is not the root around it.</summary>
internal sealed class FilesWorld : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("langguard-files-").FullName;

    public FilesWorld(FilesCase test)
    {
        ArgumentNullException.ThrowIfNull(test);
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Outside);
        foreach (var step in test.Setup)
        {
            try
            {
                Build(step);
            }
            catch (ArgumentException error)
            {
                throw new InvalidDataException($"The setup of a case cannot be made: {error.Message}", error);
            }
        }
    }

    public string Root => Path.Combine(_folder, "root");

    public string Outside => Path.Combine(_folder, "outside");

    public string Substitute(string text) =>
        text.Replace("{ROOT}", Root, StringComparison.Ordinal).Replace("{OUTSIDE}", Outside, StringComparison.Ordinal);

    /// <summary>Everything that can be known of a tree without following a link out of it.</summary>
    public string Snapshot(bool ofRoot)
    {
        var text = new StringBuilder();
        Describe(_folder, ofRoot, text);
        return text.ToString();
    }

    /// <summary>
    /// Whether an operation without a guard stays in this folder. Only then is it run: the corpus is full of names and links
    /// that lead to the host, and this process may have every right there.
    /// </summary>
    public bool Contains(string path, bool followsLast)
    {
        var canonical = Canonical(Path.GetFullPath(Path.Combine(Root, path)), followsLast);
        return canonical is not null && canonical.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    // Removes links themselves and follows none. Nothing else is done to what is found: a link may lead anywhere.
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string? Canonical(string path, bool followsLast)
    {
        const int linkLimit = 40;
        var ahead = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var done = "/";
        var links = 0;
        while (ahead.TryPop(out var part))
        {
            if (part is "." or "..")
            {
                done = part == "." ? done : Path.GetDirectoryName(done) ?? "/";
                continue;
            }

            var next = Path.Combine(done, part);
            var target = ahead.Count > 0 || followsLast ? new FileInfo(next).LinkTarget : null;
            if (target is null)
            {
                done = next;
                continue;
            }

            if (++links > linkLimit)
            {
                return null;
            }

            done = target.StartsWith('/') ? "/" : done;
            foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                ahead.Push(step);
            }
        }

        return done;
    }

    private void Describe(string folder, bool ofRoot, StringBuilder text)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (string.Equals(entry.FullName, Root, StringComparison.Ordinal) != ofRoot && folder == _folder)
            {
                continue;
            }

            text.Append(entry.FullName, _folder.Length, entry.FullName.Length - _folder.Length);
            if (entry.LinkTarget is { } target)
            {
                text.Append(" -> ").Append(target);
            }
            else if (entry is FileInfo file)
            {
                var content = NativeFiles.IsRegular(file.FullName) ? File.ReadAllBytes(file.FullName) : [];
                text.Append(CultureInfo.InvariantCulture, $" {Convert.ToHexString(SHA256.HashData(content))} {file.LastWriteTimeUtc.Ticks}");
            }

            text.Append('\n');
            if (entry is DirectoryInfo && entry.LinkTarget is null)
            {
                Describe(entry.FullName, ofRoot, text);
            }
        }
    }

    private void Build(FilesSetup step)
    {
        var path = Substitute(step.Path);
        if (!Contains(path, followsLast: false) || (step.Kind == "hardlink" && !Contains(Substitute(step.Target!), followsLast: true)))
        {
            throw new InvalidDataException($"The setup of a case stays in its own folder: {step.Path}.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        switch (step.Kind)
        {
            case "mkdir":
                Directory.CreateDirectory(path);
                break;
            case "file":
                File.WriteAllText(path, step.Content ?? string.Empty);
                break;
            case "symlink":
                File.CreateSymbolicLink(path, Substitute(step.Target!));
                break;
            case "hardlink":
                NativeFiles.Link(Substitute(step.Target!), path);
                break;
            case "fifo":
                NativeFiles.MakePipe(path);
                break;
            default:
                throw new InvalidDataException($"There is no setup step '{step.Kind}'.");
        }
    }
}
