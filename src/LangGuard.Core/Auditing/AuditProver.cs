using System.Text;

namespace LangGuard.Auditing;

/// <summary>Makes a proof for one record of a file or a table.</summary>
internal static class AuditProver
{
    internal static AuditProof? Prove(
        Action<AuditReader, AuditReader.Visit> read, string kept, Func<string, bool> which, AuditTrust trust)
    {
        var checkpoints = AuditReader.Checkpoints(kept).Concat(trust.Checkpoints).Where(trust.HasSigned)
            .GroupBy(checkpoint => checkpoint.Size).ToDictionary(group => group.Key, group => group.First());
        var reader = new AuditReader();
        var tree = new MerkleTree();
        var leaves = new List<byte[]>();
        var previous = new byte[AuditFrame.HashSize];
        (long Number, byte[] Previous, byte[] Payload)? found = null;
        AuditCheckpoint? over = null;
        read(reader, (index, hash, payload) =>
        {
            found ??= over is null && which(Encoding.UTF8.GetString(payload)) ? (index, previous.ToArray(), payload.ToArray()) : null;
            hash.CopyTo(previous);
            if (over is not null)
            {
                return;
            }

            leaves.Add(MerkleTree.Leaf(hash));
            tree.Add(hash);
            if (found is not null && checkpoints.TryGetValue(index + 1, out var checkpoint)
                && string.Equals(checkpoint.Log, reader.LogId, StringComparison.Ordinal)
                && checkpoint.Root == Convert.ToHexStringLower(tree.Root()))
            {
                over = checkpoint;
            }
        });

        return found is { } record && over is not null
            ? new AuditProof(record.Number, record.Previous, record.Payload, MerkleTree.Path(leaves, record.Number), over)
            : null;
    }
}
