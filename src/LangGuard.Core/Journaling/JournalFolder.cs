#pragma warning disable RS0030 // The journal's folder is the host's own and is named by the host; it is created and checked here.
using System.Security.Cryptography;
using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>The directory of the journal: the host's alone, held by its handle.</summary>
internal sealed class JournalFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode Others = (UnixFileMode)0x3F;
    private const int KeyBytes = 32;

    private readonly ConfinedRoot _root;
    private readonly ConfinedDirectory _folder;
    private readonly ConfinedFile _lock;

    private JournalFolder(ConfinedRoot root, ConfinedDirectory folder, ConfinedDirectory blobs, ConfinedFile held, byte[] key)
    {
        (_root, _folder, _lock) = (root, folder, held);
        Blobs = blobs;
        Key = key;
    }

    /// <summary>Where pre-images are kept.</summary>
    internal ConfinedDirectory Blobs { get; }

    internal byte[] Key { get; }

    /// <summary>Opens the journal and takes it for this process.</summary>
    internal static JournalFolder Open(string directory)
    {
        if (!LinuxNumbers.AreKnown)
        {
            throw new IOException("The journal is only available on Linux. Leave out KeepJournal on this system.");
        }

        if (!Path.IsPathFullyQualified(directory))
        {
            throw new IOException("The directory of the journal is not an absolute path. Give the full path.");
        }

        var full = Path.GetFullPath(directory);
        if (!Directory.Exists(full))
        {
            _ = OperatingSystem.IsWindows() ? null : Directory.CreateDirectory(full, OwnerFolder);
        }

        if (!string.Equals(HostFiles.Canonical(full), full, StringComparison.Ordinal)
            || LinuxRoot.Create(full, [new HostPath(full)], forceWalk: false, out var root) != FileStatus.Ok
            || root!.OpenDirectory(string.Empty, out var folder) != FileStatus.Ok)
        {
            throw new IOException(
                "The directory of the journal cannot be opened, or a part of its path is a link. Name the directory itself.");
        }

        ConfinedFile? held = null;
        try
        {
            CheckOwner(folder!, ".");
            held = OpenOrCreate(folder!, "lock");
            if (held.Lock(FileShare.None, FileAccess.ReadWrite) != FileStatus.Ok)
            {
                throw new IOException("Another process uses this journal. Give each process a directory of its own.");
            }

            return new JournalFolder(root, folder!, OpenBlobs(folder!), held, ReadKey(folder!));
        }
        catch
        {
            held?.Dispose();
            folder!.Dispose();
            root.Dispose();
            throw;
        }
    }

    internal ConfinedFile OpenLog() => OpenOrCreate(_folder, "log");

    public void Dispose()
    {
        Blobs.Dispose();
        _lock.Dispose();
        _folder.Dispose();
        _root.Dispose();
    }

    private static ConfinedDirectory OpenBlobs(ConfinedDirectory folder)
    {
        if (folder.Stat("blobs", out _) == FileStatus.NotFound)
        {
            Check(folder.CreateDirectory("blobs", OwnerFolder));
        }

        CheckOwner(folder, "blobs");
        Check(folder.OpenDirectory("blobs", out var blobs));
        return blobs!;
    }

    private static byte[] ReadKey(ConfinedDirectory folder)
    {
        using var file = OpenOrCreate(folder, "key");
        var key = new byte[KeyBytes];
        if (file.Facts.Length == 0)
        {
            if (folder.Stat("log", out var log) == FileStatus.Ok && log.Length > 0)
            {
                throw new IOException("The journal has records but no key. Restore its key, or move the journal away.");
            }

            RandomNumberGenerator.Fill(key);
            Check(file.Write(key, 0));
            Check(file.Flush(toDisk: true));
            return key;
        }

        Check(file.Read(key, 0, out var read));
        return read == KeyBytes && file.Facts.Length == KeyBytes
            ? key
            : throw new IOException("The key of the journal is damaged. Restore it, or move the journal away.");
    }

    private static ConfinedFile OpenOrCreate(ConfinedDirectory folder, string leaf)
    {
        var status = folder.OpenFile(leaf, FileAim.Read | FileAim.Write, out var file);
        if (status == FileStatus.NotFound)
        {
            status = folder.CreateFile(leaf, FileAim.Read | FileAim.Write, OwnerOnly, out file);
        }

        Check(status);
        CheckOwner(folder, leaf);
        if (file!.Facts.Links == 1)
        {
            return file;
        }

        file.Dispose();
        throw new IOException($"The file '{leaf}' of the journal has a second name. Move the journal away.");
    }

    // A planted journal, or one that others can write, is never used.
    private static void CheckOwner(ConfinedDirectory folder, string leaf)
    {
        FileFacts facts;
        if (leaf == ".")
        {
            Check(folder.OpenFile(".", FileAim.Facts, out var self));
            using (self)
            {
                facts = self!.Facts;
            }
        }
        else
        {
            Check(folder.Stat(leaf, out facts));
        }

        if (facts.Kind is FileKind.Link or FileKind.Special)
        {
            throw new IOException($"'{leaf}' of the journal is a link or no regular file. Move the journal away.");
        }

        if (facts.Owner != LinuxCalls.EffectiveUser() || (facts.Mode & Others) != 0)
        {
            throw new IOException(
                $"'{leaf}' of the journal is not this user's alone. Make this user its owner and its mode 0700 (files 0600).");
        }
    }

    private static void Check(FileStatus status)
    {
        if (status != FileStatus.Ok)
        {
            throw new IOException($"The journal cannot be used ({status}).");
        }
    }
}
