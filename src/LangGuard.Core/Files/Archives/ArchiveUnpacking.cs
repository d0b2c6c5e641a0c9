using System.Formats.Tar;
using System.IO.Abstractions;
using System.IO.Compression;

namespace LangGuard.Files;

/// <summary>Unpacks archives through a guarded file system: each entry is an ordinary guarded write. Every name is checked
/// before the first byte is written.</summary>
internal static class ArchiveUnpacking
{
    private const int UnixTypeShift = 16;
    private const int UnixTypeMask = 0xF000;
    private const int UnixFile = 0x8000;
    private const int UnixDirectory = 0x4000;

    internal static ArchiveReport Zip(GuardedFileSystem fileSystem, string archive, string destination, ArchiveOptions? options) =>
        Unpack(fileSystem, archive, destination, options, "zip", Zip);

    internal static ArchiveReport Tar(GuardedFileSystem fileSystem, string archive, string destination, ArchiveOptions? options) =>
        Unpack(fileSystem, archive, destination, options, "tar", Tar);

    private delegate void Reading(Stream stream, ArchiveOptions options, ArchiveTarget trial, ArchiveTarget target);

    private static ArchiveReport Unpack(
        GuardedFileSystem fileSystem, string archive, string destination, ArchiveOptions? options, string kind, Reading read)
    {
        ArgumentException.ThrowIfNullOrEmpty(destination);
        options ??= new ArchiveOptions();
        options.Validate();
        using var stream = fileSystem.FileStream.New(archive, FileMode.Open, FileAccess.Read, FileShare.Read);

        // The first pass unpacks to nowhere: it finds bad names and the true size before anything is written.
        var trial = new ArchiveTarget(fileSystem, destination, options, new ArchiveBudget(options, stream.Length));
        var target = new ArchiveTarget(fileSystem, destination, options, new ArchiveBudget(options, stream.Length));
        try
        {
            read(stream, options, trial, target);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            throw new ArchiveException($"The archive is damaged, or is no {kind} archive.", exception);
        }

        return target.Report;
    }

    private static void Zip(Stream stream, ArchiveOptions options, ArchiveTarget trial, ArchiveTarget target)
    {
        ZipDirectoryScan.Check(stream, options);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in zip.Entries)
        {
            CheckType(entry);
            using var content = IsDirectory(entry) ? Stream.Null : entry.Open();
            trial.Check(entry.FullName, IsDirectory(entry), content);
        }

        foreach (var entry in zip.Entries)
        {
            if (IsDirectory(entry))
            {
                target.AddDirectory(entry.FullName);
            }
            else
            {
                using var content = entry.Open();
                target.AddFile(entry.FullName, content);
            }
        }
    }

    private static void Tar(Stream stream, ArchiveOptions options, ArchiveTarget trial, ArchiveTarget target)
    {
        using (var packed = Unpacked(stream))
        {
            TarHeaderScan.Check(packed ?? stream, options, stream.Length);
        }

        Walk(stream, (entry, content) => trial.Check(entry.Name, entry.EntryType == TarEntryType.Directory, content));
        Walk(stream, (entry, content) =>
        {
            if (entry.EntryType == TarEntryType.Directory)
            {
                target.AddDirectory(entry.Name);
            }
            else
            {
                target.AddFile(entry.Name, content);
            }
        });
    }

    // What the platform's readers throw for bytes that are no archive; errors of the file system are none of these.
    private static bool IsDamage(Exception exception) => exception is InvalidDataException or EndOfStreamException
        or FormatException or ArgumentException or NotSupportedException or OverflowException;

    private static bool IsDirectory(ZipArchiveEntry entry) => entry.FullName.EndsWith('/') || TypeOf(entry) == UnixDirectory;

    private static int TypeOf(ZipArchiveEntry entry) => (entry.ExternalAttributes >> UnixTypeShift) & UnixTypeMask;

    private static void CheckType(ZipArchiveEntry entry)
    {
        if (TypeOf(entry) is not (0 or UnixFile or UnixDirectory))
        {
            throw new ArchiveException($"An entry is a link or no regular file: '{ArchiveEntryName.Shown(entry.FullName)}'.");
        }

        if (entry.IsEncrypted)
        {
            throw new ArchiveException($"An entry is encrypted: '{ArchiveEntryName.Shown(entry.FullName)}'.");
        }
    }

    private static void Walk(Stream stream, Action<TarEntry, Stream> visit)
    {
        using var packed = Unpacked(stream);
        using var tar = new TarReader(packed ?? stream, leaveOpen: true);
        while (tar.GetNextEntry(copyData: false) is { } entry)
        {
            if (entry.EntryType == TarEntryType.GlobalExtendedAttributes)
            {
                // Says something about the entries after it, and is none itself; git archive begins with one.
                continue;
            }

            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile
                or TarEntryType.ContiguousFile or TarEntryType.Directory))
            {
                throw new ArchiveException($"An entry is a link or no regular file: '{ArchiveEntryName.Shown(entry.Name)}'.");
            }

            visit(entry, entry.DataStream ?? Stream.Null);
        }
    }

    /// <summary>Rewinds, and unpacks where the archive is packed.</summary>
    private static GZipStream? Unpacked(Stream stream)
    {
        stream.Position = 0;
        var isPacked = stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
        stream.Position = 0;
        return isPacked ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : null;
    }
}
