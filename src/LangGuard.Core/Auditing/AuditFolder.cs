using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.Auditing;

/// <summary>The folder of one audit file: the host's own, locked against every other process while it is open.</summary>
#pragma warning disable RS0030 // This folder is the host's, named by the deployer; it is never reached through a session.
internal sealed partial class AuditFolder : IDisposable
{
    internal const string SegmentPattern = "*.audit";
    private const string LockName = "lock";
    private const string KeyName = "signing-key";
    private const string CheckpointName = "checkpoints";
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>How much space a new segment reserves, so that a full disk is met between records, not inside one.</summary>
    internal const long SegmentSize = 16 * 1024 * 1024;

    private readonly SafeFileHandle _lock;
    private readonly IDisposable? _signal = FileSizeSignal.Hold();
    private SafeFileHandle? _checkpoints;

    private AuditFolder(string path, SafeFileHandle held)
    {
        Path = path;
        _lock = held;
    }

    internal string Path { get; }

    /// <summary>Makes and checks the folder, and takes its lock.</summary>
    /// <exception cref="AuditUnavailableException">It can not serve, with the reason.</exception>
    internal static AuditFolder Open(string path)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        var isNew = !Directory.Exists(full);
        if (isNew)
        {
            Make(full);
        }

        var folder = new DirectoryInfo(full);
        if (folder.LinkTarget is not null)
        {
            throw new AuditUnavailableException("The audit folder is a link. Name the folder itself.");
        }

        if (!OperatingSystem.IsWindows()
            && (folder.UnixFileMode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
        {
            throw new AuditUnavailableException("Others may write to the audit folder. Make it writable by its owner only.");
        }

        return new AuditFolder(full, Lock(System.IO.Path.Combine(full, LockName)));
    }

    internal string[] Segments()
    {
        var files = Directory.GetFiles(Path, SegmentPattern);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    internal static string[] SegmentsOf(string folder)
    {
        var files = Directory.GetFiles(folder, SegmentPattern);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    internal string SegmentPath(int number) => System.IO.Path.Combine(Path, $"{number:D8}.audit");

    /// <summary>What is wrong with the files beside the records, or null. Without the lock another process could write them.</summary>
    internal string? Problem() =>
        AuditFileWatch.Problem(_lock, System.IO.Path.Combine(Path, LockName), 0) is { } first ? $"The lock of the audit folder {first}."
        : _checkpoints is { } kept && AuditFileWatch.Problem(kept, System.IO.Path.Combine(Path, CheckpointName), 0) is { } second
            ? $"The checkpoints of the audit {second}."
        : null;

    internal SafeFileHandle CreateSegment(int number) =>
        File.OpenHandle(SegmentPath(number), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, FileOptions.None, SegmentSize);

    internal static SafeFileHandle OpenSegment(string name)
    {
        ThrowIfNoFile(name);
        return File.OpenHandle(name, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
    }

    internal static byte[] Read(string name)
    {
        ThrowIfNoFile(name);
        using var file = File.OpenHandle(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(file);
        var data = new byte[checked((int)Math.Min(length, int.MaxValue))];
        var read = 0;
        while (read < data.Length && RandomAccess.Read(file, data.AsSpan(read), read) is var more and > 0)
        {
            read += more;
        }

        return data.AsSpan(0, read).ToArray();
    }

    internal static string CheckpointsOf(string folder)
    {
        var name = System.IO.Path.Combine(folder, CheckpointName);
        return File.Exists(name) ? System.Text.Encoding.UTF8.GetString(Read(name)) : string.Empty;
    }

    internal void AppendCheckpoint(AuditCheckpoint checkpoint)
    {
        var data = System.Text.Encoding.UTF8.GetBytes(checkpoint + "\n");
        if (_checkpoints is null)
        {
            var name = System.IO.Path.Combine(Path, CheckpointName);
            ThrowIfNoFile(name);
            _checkpoints = File.OpenHandle(name, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        }

        RandomAccess.Write(_checkpoints, data, RandomAccess.GetLength(_checkpoints));
        RandomAccess.FlushToDisk(_checkpoints);
    }

    /// <summary>The key of this folder, made on first use. A host that has a better place gives its own.</summary>
    internal ECDsa Key()
    {
        var name = System.IO.Path.Combine(Path, KeyName);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(name))
        {
            key.ImportPkcs8PrivateKey(Read(name), out _);
            return key;
        }

        // Whole or not at all, whenever the process ends.
        var begun = name + ".new";
        File.Delete(begun);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        using (var file = new FileStream(begun, options))
        {
            file.Write(key.ExportPkcs8PrivateKey());
            file.Flush(flushToDisk: true);
        }

        File.Move(begun, name);
        return key;
    }

    internal static byte[]? PublicKeyOf(string folder)
    {
        var name = System.IO.Path.Combine(folder, KeyName);
        if (!File.Exists(name))
        {
            return null;
        }

        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Read(name), out _);
        return key.ExportSubjectPublicKeyInfo();
    }

    public void Dispose()
    {
        _checkpoints?.Dispose();
        _lock.Dispose();
        _signal?.Dispose();
    }

    private static void Make(string full)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(full);
        }
        else
        {
            Directory.CreateDirectory(full, OwnerFolder);
        }
    }

    /// <summary>Opening a pipe would wait for somebody at its other end.</summary>
    private static void ThrowIfNoFile(string name)
    {
        if (new FileInfo(name).LinkTarget is not null)
        {
            throw new AuditUnavailableException("A file in the audit folder is a link.");
        }

        if (AuditFileWatch.IsSpecial(name))
        {
            throw new AuditUnavailableException("A file in the audit folder is no file.");
        }
    }

    /// <summary>One process writes an audit file. The platform's own sharing check is advisory and can be switched off
    /// by an environment variable, so the lock is taken directly.</summary>
    private static SafeFileHandle Lock(string name)
    {
        ThrowIfNoFile(name);
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (failure is not FileNotFoundException and not DirectoryNotFoundException)
        {
            throw InUse(failure);
        }

        // The platform asks for the same lock on this very handle; asking again is harmless where it did.
        if (!OperatingSystem.IsWindows() && Flock(handle, LockExclusive | LockNonBlocking) != 0)
        {
            handle.Dispose();
            throw InUse(null);
        }

        return handle;
    }

    private static AuditUnavailableException InUse(Exception? inner) =>
        new("Another process writes this audit file. Give each process a folder of its own.", inner);

    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle handle, int operation);
}
#pragma warning restore RS0030
