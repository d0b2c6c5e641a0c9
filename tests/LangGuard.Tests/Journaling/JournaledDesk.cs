using System.Security.Cryptography;
using LangGuard.Journaling;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Journaling;

/// <summary>A real folder with real files, a journal beside it, and a session that may change them.</summary>
internal sealed class JournaledDesk : IDisposable
{
    private readonly string _folder;
    private readonly List<GuardSession> _sessions = [];

    internal JournaledDesk(Action<JournalOptions>? configure = null, string? folder = null)
    {
        _folder = folder ?? Directory.CreateTempSubdirectory("langguard-journal-").FullName;
        Root = Directory.CreateDirectory(Path.Combine(_folder, "desk")).FullName;
        Journal = Path.Combine(_folder, "journal");
        Policy = CreatePolicy(configure);
        Session = NewSession();
    }

    internal string Root { get; }

    internal string Journal { get; }

    internal Policy Policy { get; private set; }

    internal GuardSession Session { get; private set; }

    internal System.IO.Abstractions.IFileSystem Files => Session.FileSystem;

    internal GuardSession NewSession()
    {
        var session = GuardSession.Create(Policy, Operations.Alice);
        _sessions.Add(session);
        return session;
    }

    /// <summary>What a new process would do: lets go of the journal, and builds the policy anew.</summary>
    internal void Restart(Action<JournalOptions>? configure = null)
    {
        JournalStore.Of(Policy)?.Dispose();
        Policy = CreatePolicy(configure);
        Session = NewSession();
    }

    internal string Put(string name, string content)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    internal string Read(string name) => File.ReadAllText(Path.Combine(Root, name));

    /// <summary>Every name with its kind, mode and content: equal only when the trees are equal bit for bit.</summary>
    internal static string Snapshot(string root) => string.Join('\n', Directory
        .EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => new FileInfo(path).LinkTarget is { } target
            ? $"{path[root.Length..]} -> {target}"
            : Directory.Exists(path)
            ? $"{path[root.Length..]}/ {File.GetUnixFileMode(path)}"
            : $"{path[root.Length..]} {File.GetUnixFileMode(path)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"));

    internal string Snapshot() => Snapshot(Root);

    public void Dispose()
    {
        foreach (var session in _sessions)
        {
            session.Dispose();
        }

        JournalStore.Of(Policy)?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Policy CreatePolicy(Action<JournalOptions>? configure) => Policy.Create(builder => builder
        .LimitPermissions(allow => allow.Files(
            "desk", Root, files => files.Read("**").Write("**").Delete("**").Link("**")))
        .DefendInDepth(defense => defense.KeepJournal(Journal, configure)));
}
