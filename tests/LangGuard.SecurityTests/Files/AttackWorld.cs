using System.Globalization;
using LangGuard.Files;
using LangGuard.Permissions;

namespace LangGuard.SecurityTests.Files;

/// <summary>A root, something outside it that nobody may touch, and a session that may do everything inside.</summary>
internal sealed class AttackWorld : IDisposable
{
    public const string Secret = "OUTSIDE-SECRET";
    private readonly string _folder = Directory.CreateTempSubdirectory("langguard-attack-").FullName;

    public AttackWorld(Action<FileRootBuilder>? configure = null, FileConfinement? backend = null, string name = "kb",
        Action<PolicyBuilder, string>? more = null)
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Outside);
        File.WriteAllText(Path.Combine(Outside, "secret.txt"), Secret);
        var policy = Policy.Create(guard =>
        {
            guard.LimitPermissions(allow => allow.Files(name, Root, files =>
            {
                files.Options.ForcedConfinement = backend;
                (configure ?? (all => all.Read("**").Write("**").Delete("**").Link("**")))(files);

                // The tests wrote all content themselves.
                foreach (var pattern in files.Options.Rules.Keys)
                {
                    files.Trusted(pattern);
                }
            }));
            more?.Invoke(guard, _folder);
        });
        Session = GuardSession.Create(policy, new Principal("attacker"));
    }

    public string Root => Path.Combine(_folder, "root");

    public string Outside => Path.Combine(_folder, "outside");

    public string OutsideFile => Path.Combine(Outside, "secret.txt");

    public GuardSession Session { get; }

    public GuardedFileSystem Guarded => Session.FileSystem;

    public string In(params string[] parts) => Path.Combine([Root, .. parts]);

    public string Write(string name, string content = "inside")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        File.WriteAllText(In(name), content);
        return name;
    }

    public void Link(string name, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        File.CreateSymbolicLink(In(name), target);
    }

    public void HardLink(string name, string target) => NativeFiles.HardLink(In(name), target);

    public void Pipe(string name) => NativeFiles.Pipe(In(name));

    public string DescribeOutside() => string.Join('\n', new DirectoryInfo(Outside)
        .EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal)
        .Select(entry => string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Name} {entry.LastWriteTimeUtc.Ticks} {(entry is FileInfo file ? File.ReadAllText(file.FullName) : "dir")}")));

    public void Dispose()
    {
        Session.Dispose();

        // Links themselves are removed; none is followed.
        Directory.Delete(_folder, recursive: true);
    }
}
