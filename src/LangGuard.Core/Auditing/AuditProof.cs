using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LangGuard.Auditing;

/// <summary>Proves that one record stands in a signed checkpoint, without any other record: for somebody who may see this one
/// and not the rest.</summary>
public sealed class AuditProof
{
    private const string Heading = "langguard audit proof 1";
    private readonly byte[] _previous;
    private readonly byte[] _payload;
    private readonly IReadOnlyList<byte[]> _path;

    internal AuditProof(long number, byte[] previous, byte[] payload, IReadOnlyList<byte[]> path, AuditCheckpoint checkpoint)
    {
        Number = number;
        _previous = previous;
        _payload = payload;
        _path = path;
        Checkpoint = checkpoint;
    }

    /// <summary>The number of the record; the first is 0.</summary>
    public long Number { get; }

    /// <summary>The text of the record: one JSON object.</summary>
    public string Record => Encoding.UTF8.GetString(_payload);

    /// <summary>The signed checkpoint that it stands in.</summary>
    public AuditCheckpoint Checkpoint { get; }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">It is not a proof.</exception>
    public static AuditProof Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split("\n\n", 2);
        var lines = parts[0].Split('\n', StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || lines.Length < 4 || lines[0] != Heading
            || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new FormatException("The text is not an audit proof.");
        }

        var previous = Convert.FromHexString(lines[2]);
        var path = lines.Skip(4).Select(line => Convert.FromHexString(line)).ToList();
        if (previous.Length != AuditFrame.HashSize || path.Exists(node => node.Length != AuditFrame.HashSize))
        {
            throw new FormatException("The hashes of the proof have the wrong length.");
        }

        return new AuditProof(number, previous, Convert.FromBase64String(lines[3]), path, AuditCheckpoint.Parse(parts[1]));
    }

    /// <summary>Whether a trusted key signed the checkpoint, and the record stands in it at its number.</summary>
    /// <param name="trust">Keys. Checkpoints in it play no part.</param>
    public bool IsValid(AuditTrust trust)
    {
        ArgumentNullException.ThrowIfNull(trust);
        if (Number < 0 || Number >= Checkpoint.Size || _payload.Length > AuditFrame.MaxPayload || !trust.HasSigned(Checkpoint))
        {
            return false;
        }

        var chained = new byte[AuditFrame.ChainSize + _payload.Length];
        _payload.CopyTo(chained, AuditFrame.ChainSize);
        Span<byte> hash = stackalloc byte[AuditFrame.HashSize];
        AuditFrame.Hash(chained, Number, _previous, hash);
        var root = MerkleTree.RootOf(hash, Number, Checkpoint.Size, _path);
        return root is not null && CryptographicOperations.FixedTimeEquals(root, Convert.FromHexString(Checkpoint.Root));
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var text = new StringBuilder(Heading).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"{Number}\n")
            .Append(Convert.ToHexStringLower(_previous)).Append('\n')
            .Append(Convert.ToBase64String(_payload)).Append('\n');
        foreach (var node in _path)
        {
            text.Append(Convert.ToHexStringLower(node)).Append('\n');
        }

        return text.Append('\n').Append(Checkpoint).ToString();
    }
}
