using System.IO.Abstractions;
using LangGuard.Files;
using LangGuard.Permissions;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Files;

/// <summary>A folder as the root of a session.</summary>
internal sealed class FileWorld : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("langguard-tests-").FullName;

    public FileWorld(
        Action<FileRootBuilder>? configure = null, FileConfinement? backend = null, Action<PolicyBuilder>? more = null)
    {
        Directory.CreateDirectory(Root);
        Session = Operations.SessionOf(guard =>
        {
            guard.LimitPermissions(allow => allow.Files("kb", Root, files =>
            {
                files.Options.ForcedConfinement = backend;
                (configure ?? Everything)(files);
                TrustAll(files);
            }));
            more?.Invoke(guard);
        });
    }

    public string Root => Path.Combine(_folder, "root");

    public string Folder => _folder;

    public GuardSession Session { get; }

    public GuardedFileSystem Guarded => Session.FileSystem;

    public static void Everything(FileRootBuilder files) => files.Read("**").Write("**").Delete("**").Link("**");

    /// <summary>The tests wrote all content themselves, so that no rule for untrusted content asks.</summary>
    public static void TrustAll(FileRootBuilder files)
    {
        foreach (var pattern in files.Options.Rules.Keys)
        {
            files.Trusted(pattern);
        }
    }

    public string In(string name) => Path.Combine(Root, name);

    public FileWorld With(string name, string content = "inside")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        File.WriteAllText(In(name), content);
        return this;
    }

    public void Dispose()
    {
        Session.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
