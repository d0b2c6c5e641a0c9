using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace LangGuard.SecurityTests.Files;

/// <summary>Archives as nobody's tool would write them.</summary>
internal static class HostileArchive
{
    private const int UnixTypeShift = 16;

    public static void Zip(string path, params (string Name, string Content)[] entries) =>
        Zip(path, [.. entries.Select(entry => (entry.Name, entry.Content, 0))]);

    public static void Zip(string path, params (string Name, string Content, int UnixMode)[] entries)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, content, mode) in entries)
        {
            var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize);
            entry.ExternalAttributes = mode << UnixTypeShift;
            using var stream = entry.Open();
            stream.Write(Encoding.UTF8.GetBytes(content));
        }
    }

    public static void Tar(string path, params TarEntry[] entries)
    {
        using var tar = new TarWriter(File.Create(path), TarEntryFormat.Pax);
        foreach (var entry in entries)
        {
            tar.WriteEntry(entry);
        }
    }

    public static PaxTarEntry TarFile(string name, string content = "packed") =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    public static PaxTarEntry TarLink(TarEntryType type, string name, string target) => new(type, name) { LinkName = target };

    /// <summary>A header block as any program could write it, with a checksum that holds.</summary>
    public static byte[] TarHeader(string name, long size, char type)
    {
        var block = new byte[512];
        Encoding.ASCII.GetBytes(name).CopyTo(block, 0);
        Encoding.ASCII.GetBytes("0000644\00000000\00000000\0").CopyTo(block, 100);
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0')).CopyTo(block, 124);
        Encoding.ASCII.GetBytes("00000000000\0").CopyTo(block, 136);
        block[156] = (byte)type;
        Encoding.ASCII.GetBytes("ustar\000").CopyTo(block, 257);
        block.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(block.Sum(b => b), 8).PadLeft(6, '0') + "\0 ").CopyTo(block, 148);
        return block;
    }

    public static byte[] Padded(byte[] content)
    {
        var padded = new byte[(content.Length + 511) / 512 * 512];
        content.CopyTo(padded, 0);
        return padded;
    }
}
