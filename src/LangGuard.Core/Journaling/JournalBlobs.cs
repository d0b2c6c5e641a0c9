using System.Buffers;
using System.Security.Cryptography;
using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>Pre-images: files moved aside, and copies.</summary>
internal sealed class JournalBlobs(ConfinedDirectory folder)
{
    private const int CopyBuffer = 128 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    internal ConfinedDirectory Folder => folder;

    internal bool IsOnMountOf(FileIdentity identity) => folder.Identity.Device == identity.Device;

    /// <summary>Whether nobody holds a lock on a file. The own lock is put back.</summary>
    internal static bool IsUnlocked(ConfinedFile file, FileShare ownShare, FileAccess ownAccess)
    {
        var free = file.Lock(FileShare.None, FileAccess.ReadWrite) == FileStatus.Ok;
        return file.Lock(ownShare, ownAccess) == FileStatus.Ok && free;
    }

    internal FileStatus Create(string blob, out ConfinedFile? file) =>
        folder.CreateFile(blob, FileAim.Read | FileAim.Write, OwnerOnly, out file);

    /// <summary>Copies a file's content into a new blob and returns its hash.</summary>
    internal FileStatus Copy(ConfinedFile source, string blob, out string hash)
    {
        hash = string.Empty;
        var status = Create(blob, out var copy);
        if (status != FileStatus.Ok)
        {
            return status;
        }

        using (copy)
        {
            status = Copy(source, copy!, out hash);
        }

        if (status != FileStatus.Ok)
        {
            Remove(blob);
        }

        return status;
    }

    internal FileStatus Open(string blob, out ConfinedFile? file) => folder.OpenFile(blob, FileAim.Read, out file);

    internal void Remove(string blob) => folder.RemoveFile(blob);

    /// <summary>Writes the content of one file over another, from the start, and cuts the rest off.</summary>
    internal static FileStatus Copy(ConfinedFile source, ConfinedFile target, out string hash)
    {
        hash = string.Empty;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            long offset = 0;
            while (true)
            {
                var status = source.Read(buffer, offset, out var read);
                if (status != FileStatus.Ok)
                {
                    return status;
                }

                if (read == 0)
                {
                    hash = Convert.ToHexStringLower(sha.GetHashAndReset());
                    return target.SetLength(offset);
                }

                sha.AppendData(buffer, 0, read);
                status = target.Write(buffer.AsSpan(0, read), offset);
                if (status != FileStatus.Ok)
                {
                    return status;
                }

                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static FileStatus Hash(ConfinedFile file, out string hash)
    {
        hash = string.Empty;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(file.Facts.Length + 1, 1, CopyBuffer));
        try
        {
            var status = file.Read(buffer, 0, out var read);
            if (status != FileStatus.Ok)
            {
                return status;
            }

            if (read < buffer.Length && read >= file.Facts.Length)
            {
                hash = Convert.ToHexStringLower(SHA256.HashData(buffer.AsSpan(0, read)));
                return FileStatus.Ok;
            }

            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long offset = 0; read > 0;)
            {
                sha.AppendData(buffer, 0, read);
                offset += read;
                status = file.Read(buffer, offset, out read);
                if (status != FileStatus.Ok)
                {
                    return status;
                }
            }

            hash = Convert.ToHexStringLower(sha.GetHashAndReset());
            return FileStatus.Ok;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
