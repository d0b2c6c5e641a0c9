using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LangGuard.Auditing;

/// <summary>A signed statement that the audit file held so many records with this hash tree. Kept elsewhere, it proves
/// any later change to them.</summary>
public sealed class AuditCheckpoint
{
    private const string Heading = "langguard audit checkpoint 1";

    private AuditCheckpoint(
        string log, long size, byte[] root, byte[] head, DateTimeOffset time, string key, byte[] signature,
        IReadOnlyList<byte[]> tree)
    {
        Log = log;
        Size = size;
        Root = Convert.ToHexStringLower(root);
        Head = head;
        Time = time;
        Key = key;
        Signature = signature;
        Tree = tree;
    }

    /// <summary>The id of the audit file.</summary>
    public string Log { get; }

    /// <summary>How many records it covers.</summary>
    public long Size { get; }

    /// <summary>The root of the hash tree over them, in hexadecimal.</summary>
    public string Root { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The id of the key that signed it.</summary>
    public string Key { get; }

    internal byte[] Head { get; }

    internal byte[] Signature { get; }

    /// <summary>What the writer needs to go on. Not signed: its root must be the signed one.</summary>
    internal IReadOnlyList<byte[]> Tree { get; }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">It is not a checkpoint.</exception>
    public static AuditCheckpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length < 8 || lines[0] != Heading)
        {
            throw new FormatException("The text is not an audit checkpoint.");
        }

        var root = Convert.FromHexString(lines[3]);
        var head = Convert.FromHexString(lines[4]);
        if (root.Length != AuditFrame.HashSize || head.Length != AuditFrame.HashSize)
        {
            throw new FormatException("The hashes of the checkpoint have the wrong length.");
        }

        var time = DateTimeOffset.ParseExact(lines[5], "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        var size = long.Parse(lines[2], NumberStyles.None, CultureInfo.InvariantCulture);
        var tree = lines.Skip(8).Select(line => Convert.FromHexString(line)).ToList();
        return new AuditCheckpoint(lines[1], size, root, head, time, lines[6], Convert.FromBase64String(lines[7]), tree);
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var text = new StringBuilder(Body(Log, Size, Root, Head, Time, Key))
            .Append(Convert.ToBase64String(Signature)).Append('\n');
        foreach (var node in Tree)
        {
            text.Append(Convert.ToHexStringLower(node)).Append('\n');
        }

        return text.ToString();
    }

    internal static AuditCheckpoint Sign(string log, MerkleTree tree, byte[] head, DateTimeOffset time, AuditSigner signer)
    {
        var root = tree.Root();
        var body = Body(log, tree.Size, Convert.ToHexStringLower(root), head, time, signer.Id);
        return new AuditCheckpoint(
            log, tree.Size, root, head, time, signer.Id, signer.Sign(Encoding.UTF8.GetBytes(body)), [.. tree.Roots]);
    }

    internal bool IsSignedBy(ECDsa key) =>
        key.VerifyData(
            Encoding.UTF8.GetBytes(Body(Log, Size, Root, Head, Time, Key)), Signature, HashAlgorithmName.SHA256);

    private static string Body(string log, long size, string root, byte[] head, DateTimeOffset time, string key) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Heading}\n{log}\n{size}\n{root}\n{Convert.ToHexStringLower(head)}\n{time:O}\n{key}\n");
}
