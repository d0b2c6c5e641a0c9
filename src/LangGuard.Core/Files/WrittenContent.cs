using System.Security.Cryptography;

namespace LangGuard.Files;

/// <summary>Content that is about to be written: what an approval is bound to, and what a person is shown.</summary>
internal sealed class WrittenContent
{
    /// <summary>What is longer is bound by its hash and not shown.</summary>
    internal const int MostShown = 64 * 1024;

    private WrittenContent(string hash, byte[]? bytes, long length, bool appends)
    {
        Hash = hash;
        Bytes = bytes;
        Length = length;
        Appends = appends;
    }

    internal string Hash { get; }

    /// <summary>The content, or null where it is too long to be shown.</summary>
    internal byte[]? Bytes { get; }

    internal long Length { get; }

    /// <summary>Whether it goes behind what is there already.</summary>
    internal bool Appends { get; }

    internal static WrittenContent Replacing(ReadOnlySpan<byte> content) => Of(content, [], appends: false);

    internal static WrittenContent Appending(ReadOnlySpan<byte> content, ReadOnlySpan<byte> preamble) => Of(content, preamble, appends: true);

    private static WrittenContent Of(ReadOnlySpan<byte> content, ReadOnlySpan<byte> preamble, bool appends)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(preamble);
        hash.AppendData(content);
        var length = (long)preamble.Length + content.Length;
        return new WrittenContent(
            Convert.ToHexStringLower(hash.GetHashAndReset()), length <= MostShown ? [.. preamble, .. content] : null, length, appends);
    }
}
