using System.Globalization;
using LangGuard.Misuse;

namespace LangGuard.Files;

/// <summary>
/// What a guard holds before the decision: the file, or the directory in which a name is going to change. Nothing has been
/// read, created or changed yet.
/// </summary>
internal sealed class AcquiredFile : IHeldObject, IDisposable
{
    public required FileRoot Root { get; init; }

    /// <summary>The name as asked for, relative to the root.</summary>
    public required string Name { get; init; }

    /// <summary>The name after links, relative to the root.</summary>
    public required string Resolved { get; init; }

    /// <summary>Why there is nothing to act on. Told only after the decision.</summary>
    public FileStatus Status { get; init; }

    public ConfinedFile? File { get; set; }

    public ConfinedDirectory? Parent { get; init; }

    /// <summary>The last part of the name beneath <see cref="Parent"/>.</summary>
    public string Leaf { get; init; } = string.Empty;

    /// <summary>Facts at the time of acquiring; the kind is missing for a name that is free.</summary>
    public FileFacts Facts { get; init; }

    public FileOperation Operation { get; set; } = null!;

    public bool Creates => File is null && Status == FileStatus.Ok;

    public string Display => Root.Display(Name);

    public string? State => Facts.Kind == FileKind.Missing
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{Facts.Length}:{Facts.LastWriteTicks}:{Facts.ChangeTicks}");

    public bool StillHolds()
    {
        FileFacts now;
        if (File is not null)
        {
            return File.Refresh(out now) == FileStatus.Ok && IsSame(now);
        }

        if (Parent is null)
        {
            return Root.Confined.Stat(Name, out now, out string resolved) == FileStatus.Ok
                && resolved == Resolved && IsSame(now);
        }

        FileStatus status = Parent.Stat(Leaf, out now);
        return Facts.Kind == FileKind.Missing ? status == FileStatus.NotFound : status == FileStatus.Ok && IsSame(now);
    }

    public OperationPreview Preview(FileOperation operation)
    {
        if (operation.Written is not { } written)
        {
            return (operation.Effects & Effects.Delete) != 0 && Facts.Kind == FileKind.File
                ? new(string.Create(CultureInfo.InvariantCulture, $"{Facts.Length} bytes are deleted"))
                : default;
        }

        var before = Facts.Kind == FileKind.Missing ? [] : ReadForPerson();
        var text = before is null || written.Bytes is null
            ? null
            : TextDifference.Between(before, written.Appends ? [.. before, .. written.Bytes] : written.Bytes);
        return text is not null
            ? new(text)
            : new(string.Create(
                CultureInfo.InvariantCulture,
                $"{(written.Appends ? "added" : "written")}: {written.Length} bytes; there are {Facts.Length} bytes now; neither can be shown"),
                HidesContent: true);
    }

    /// <summary>Gives the file away; the new owner disposes of it.</summary>
    public ConfinedFile TakeFile()
    {
        ConfinedFile file = File!;
        File = null;
        return file;
    }

    public void Dispose()
    {
        File?.Dispose();
        Parent?.Dispose();
    }

    /// <summary>What is in the file now; null where it is too long, or another file by now.</summary>
    private byte[]? ReadForPerson()
    {
        if (Facts.Kind != FileKind.File || Facts.Length > WrittenContent.MostShown
            || Root.Confined.Open(Resolved, FileAim.Read, out ConfinedFile? file) != FileStatus.Ok)
        {
            return null;
        }

        using (file)
        {
            if (!IsSame(file!.Facts))
            {
                return null;
            }

            byte[] content = new byte[Facts.Length];
            int length = 0;
            while (length < content.Length)
            {
                if (file.Read(content.AsSpan(length), length, out int read) != FileStatus.Ok || read == 0)
                {
                    return null;
                }

                length += read;
            }

            return content;
        }
    }

    private bool IsSame(in FileFacts now) => now.Kind == Facts.Kind && now.Identity == Facts.Identity
        && (now.Kind == FileKind.Directory || (now.Length == Facts.Length && now.LastWriteTicks == Facts.LastWriteTicks));
}
