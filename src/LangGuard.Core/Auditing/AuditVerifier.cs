namespace LangGuard.Auditing;

/// <summary>Checks an audit file: every record, the chain, and every checkpoint that is known. Reads only; the writer
/// may be running.</summary>
/// <remarks>The file alone shows edits and moves. That its end was cut off, or that somebody with the signing key made it
/// anew, shows only against checkpoints which were kept elsewhere; the report says how far they reach.</remarks>
public static class AuditVerifier
{
    /// <summary>Checks the audit file in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="trust">Keys and checkpoints; null to believe the key in the folder.</param>
    /// <exception cref="IOException">The folder can not be read.</exception>
    public static AuditReport Verify(string folder, AuditTrust? trust = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return Verify(
            (reader, visit) => reader.Read(AuditFolder.SegmentsOf(folder), visit),
            AuditFolder.CheckpointsOf(folder),
            trust ?? KeyInFolder(folder));
    }

    /// <summary>Proves one record: that it stands in a signed checkpoint. Reads only; the writer may be running.</summary>
    /// <param name="folder">The audit folder.</param>
    /// <param name="which">Chooses by the text; the first that it accepts is proven.</param>
    /// <param name="trust">Keys and checkpoints; null to believe the key in the folder.</param>
    /// <returns>Null when no signed checkpoint covers such a record.</returns>
    /// <exception cref="IOException">The folder can not be read.</exception>
    public static AuditProof? Prove(string folder, Func<string, bool> which, AuditTrust? trust = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(which);
        return AuditProver.Prove(
            (reader, visit) => reader.Read(AuditFolder.SegmentsOf(folder), visit),
            AuditFolder.CheckpointsOf(folder),
            which,
            trust ?? KeyInFolder(folder));
    }

    /// <summary>Checks records wherever they are kept.</summary>
    /// <param name="read">Shows every record to the reader.</param>
    /// <param name="kept">The checkpoints that are kept beside them.</param>
    /// <param name="trust">Keys and checkpoints.</param>
    internal static AuditReport Verify(Action<AuditReader, AuditReader.Visit> read, string kept, AuditTrust trust)
    {
        var findings = new List<AuditFinding>();
        var checkpoints = Collect(kept, trust, findings);
        FindForks(checkpoints, findings);

        var reader = new AuditReader();
        var tree = new MerkleTree();
        var bySize = checkpoints.ToLookup(checkpoint => checkpoint.Size);
        var proven = 0L;
        read(reader, (index, hash, _) =>
        {
            tree.Add(hash);
            foreach (var checkpoint in bySize[index + 1])
            {
                if (!Matches(checkpoint, reader.LogId, tree, hash))
                {
                    findings.Add(new(AuditFindingKind.Restamped, $"The first {checkpoint.Size} records are not the ones that were signed."));
                }
                else if (findings.TrueForAll(finding => !finding.IsTampering))
                {
                    proven = Math.Max(proven, checkpoint.Size);
                }
            }
        });

        Conclude(reader, tree.Size, checkpoints, findings);
        return new AuditReport(reader.Next, proven, findings, [.. reader.OpenIntents]);
    }

    private static AuditTrust KeyInFolder(string folder)
    {
        var trust = new AuditTrust();
        if (AuditFolder.PublicKeyOf(folder) is { } key)
        {
            trust.Keys.Add(key);
        }

        return trust;
    }

    private static List<AuditCheckpoint> Collect(string kept, AuditTrust trust, List<AuditFinding> findings)
    {
        var signed = new List<AuditCheckpoint>();
        foreach (var checkpoint in AuditReader.Checkpoints(kept).Concat(trust.Checkpoints))
        {
            if (trust.HasSigned(checkpoint))
            {
                signed.Add(checkpoint);
            }
            else
            {
                findings.Add(new(AuditFindingKind.UntrustedCheckpoint, $"No trusted key signed the checkpoint at {checkpoint.Size}."));
            }
        }

        return signed;
    }

    private static void FindForks(List<AuditCheckpoint> checkpoints, List<AuditFinding> findings)
    {
        foreach (var same in checkpoints.GroupBy(checkpoint => (checkpoint.Log, checkpoint.Size)))
        {
            if (same.Select(checkpoint => checkpoint.Root).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                findings.Add(new(AuditFindingKind.Forked, $"Two checkpoints at {same.Key.Size} contradict each other."));
            }
        }
    }

    private static bool Matches(AuditCheckpoint checkpoint, string? log, MerkleTree tree, ReadOnlySpan<byte> head) =>
        string.Equals(checkpoint.Log, log, StringComparison.Ordinal)
        && string.Equals(checkpoint.Root, Convert.ToHexStringLower(tree.Root()), StringComparison.Ordinal)
        && head.SequenceEqual(checkpoint.Head);

    private static void Conclude(
        AuditReader reader, long read, List<AuditCheckpoint> checkpoints, List<AuditFinding> findings)
    {
        if (reader.Problem is { } problem)
        {
            findings.Add(new(reader.ProblemKind, problem));
        }

        if (reader.IsEmpty)
        {
            findings.Add(new(AuditFindingKind.Truncated, "There are no records."));
        }
        else if (reader.Next != read)
        {
            findings.Add(new(AuditFindingKind.Truncated, "Records are missing at the start."));
        }

        foreach (var checkpoint in checkpoints.Where(checkpoint => checkpoint.Size > read).DistinctBy(checkpoint => checkpoint.Size))
        {
            findings.Add(new(AuditFindingKind.Truncated, $"{checkpoint.Size} records were signed and {read} can be read."));
        }

        if (reader.TornBytes > 0)
        {
            findings.Add(new(AuditFindingKind.TornEnd, $"The last {reader.TornBytes} bytes are not a whole record."));
        }

        if (reader.TimesBackwards > 0)
        {
            findings.Add(new(AuditFindingKind.ClockWentBack, $"The clock went back {reader.TimesBackwards} times."));
        }
    }
}
