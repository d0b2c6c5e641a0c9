using LangGuard.Permissions;

namespace LangGuard.Files;

/// <summary>Tells kinds of content by their first bytes.</summary>
internal static class ContentSniffer
{
    /// <summary>How many bytes are looked at.</summary>
    public const int Window = 264;

    public static FileContentKinds KindOf(ReadOnlySpan<byte> head)
    {
        if (IsProgram(head))
        {
            return FileContentKinds.Program;
        }

        if (head.StartsWith("#!"u8) || head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF, 0x23, 0x21]))
        {
            return FileContentKinds.Script;
        }

        return IsArchive(head) ? FileContentKinds.Archive : FileContentKinds.None;
    }

    private static bool IsProgram(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x7F, 0x45, 0x4C, 0x46])
        || (head.Length >= 64 && head.StartsWith("MZ"u8))
        || head.StartsWith((ReadOnlySpan<byte>)[0x00, 0x61, 0x73, 0x6D])
        || head.StartsWith((ReadOnlySpan<byte>)[0xCA, 0xFE, 0xBA, 0xBE])
        || head.StartsWith((ReadOnlySpan<byte>)[0xCA, 0xFE, 0xBA, 0xBF])
        || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xED, 0xFA, 0xCE])
        || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xED, 0xFA, 0xCF])
        || head.StartsWith((ReadOnlySpan<byte>)[0xCE, 0xFA, 0xED, 0xFE])
        || head.StartsWith((ReadOnlySpan<byte>)[0xCF, 0xFA, 0xED, 0xFE]);

    private static bool IsArchive(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x50, 0x4B, 0x03, 0x04])
        || head.StartsWith((ReadOnlySpan<byte>)[0x50, 0x4B, 0x05, 0x06])
        || head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])
        || head.StartsWith("BZh"u8)
        || head.StartsWith((ReadOnlySpan<byte>)[0xFD, 0x37, 0x7A, 0x58, 0x5A])
        || head.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF])
        || head.StartsWith("Rar!"u8)
        || head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])
        || (head.Length >= 262 && head[257..].StartsWith("ustar"u8));
}
