using System.Security.Cryptography;
using LangGuard.Auditing;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Auditing;

public sealed class AuditTamperingTests : IDisposable
{
    private readonly AuditWorld _world = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly AuditTrust _trust = new();

    public AuditTamperingTests()
    {
        _trust.Keys.Add(_key.ExportSubjectPublicKeyInfo());
        Fill(_world.Folder, 40, _trust, "f");
    }

    public void Dispose()
    {
        _key.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void An_untouched_file_is_proven_whole()
    {
        var report = AuditVerifier.Verify(_world.Folder, _trust);
        report.Findings.Should().BeEmpty();
        report.ProvenRecords.Should().Be(report.Records).And.Be(81);
    }

    [Fact]
    public void Every_changed_byte_is_seen()
    {
        var bytes = _world.Bytes();
        var random = new Random(7);

        // More: LANGGUARD_TAMPER_TRIES=20000.
        var tries = int.TryParse(Environment.GetEnvironmentVariable("LANGGUARD_TAMPER_TRIES"), out var more) ? more : 300;
        for (var i = 0; i < tries; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Verify(changed).IsIntact.Should().BeFalse();
        }
    }

    [Fact]
    public void Every_removed_doubled_or_moved_record_is_seen()
    {
        var frames = Frames(_world.Bytes());
        for (var i = 0; i < frames.Count; i++)
        {
            Verify(Join(frames.Where((_, at) => at != i))).IsIntact.Should().BeFalse($"record {i} was removed");
            Verify(Join(frames.Take(i + 1).Concat(frames.Skip(i)))).IsIntact.Should().BeFalse($"record {i} was doubled");
            var other = (i + 1) % frames.Count;
            var moved = frames.ToList();
            (moved[i], moved[other]) = (moved[other], moved[i]);
            Verify(Join(moved)).IsIntact.Should().BeFalse($"records {i} and {other} changed places");
        }
    }

    [Fact]
    public void Every_cut_is_seen_against_a_checkpoint_kept_elsewhere()
    {
        var frames = Frames(_world.Bytes());
        File.Delete(Path.Combine(_world.Folder, "checkpoints"));
        for (var i = 0; i < frames.Count; i++)
        {
            Verify(Join(frames.Take(i))).Findings.Should().Contain(finding => finding.Kind == AuditFindingKind.Truncated);
        }
    }

    [Fact]
    public void A_chain_made_anew_is_seen_against_a_checkpoint_kept_elsewhere()
    {
        var frames = Frames(_world.Bytes());
        File.Delete(Path.Combine(_world.Folder, "checkpoints"));
        for (var i = 1; i < frames.Count; i++)
        {
            var report = Verify(Restamp(frames, edited: i));
            report.Findings.Where(finding => finding.IsTampering).Should().ContainSingle().Which.Kind.Should().Be(AuditFindingKind.Restamped);
            report.ProvenRecords.Should().Be(0);
        }
    }

    [Fact]
    public void A_chain_made_anew_and_signed_by_a_stranger_is_seen()
    {
        var frames = Frames(_world.Bytes());
        using var stranger = new AuditSigner(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var bytes = Restamp(frames, edited: 5);
        var tree = new MerkleTree();
        byte[] head = [];
        foreach (var frame in Frames(bytes))
        {
            head = frame[16..48];
            tree.Add(head);
        }

        var forged = AuditCheckpoint.Sign(_trust.Checkpoints[^1].Log, tree, head, DateTimeOffset.UtcNow, stranger);
        File.WriteAllText(Path.Combine(_world.Folder, "checkpoints"), forged + "\n");
        Verify(bytes).Findings.Select(finding => finding.Kind).Should()
            .Contain([AuditFindingKind.UntrustedCheckpoint, AuditFindingKind.Restamped]);
    }

    [Fact]
    public void A_second_history_signed_by_the_same_key_is_a_fork()
    {
        var frames = Frames(_world.Bytes());
        var tree = new MerkleTree();
        byte[] head = [];
        foreach (var frame in Frames(Restamp(frames, edited: 3)))
        {
            head = frame[16..48];
            tree.Add(head);
        }

        using var copy = ECDsa.Create();
        copy.ImportECPrivateKey(_key.ExportECPrivateKey(), out _);
        using var signer = new AuditSigner(copy);
        File.WriteAllText(
            Path.Combine(_world.Folder, "checkpoints"),
            AuditCheckpoint.Sign(_trust.Checkpoints[^1].Log, tree, head, DateTimeOffset.UtcNow, signer) + "\n");
        AuditVerifier.Verify(_world.Folder, _trust).Findings.Should().Contain(finding => finding.Kind == AuditFindingKind.Forked);
    }

    [Fact]
    public void Another_file_put_in_its_place_is_seen()
    {
        var other = Path.Combine(_world.Temp, "other");
        Fill(other, 40, new AuditTrust(), "f");
        foreach (var file in Directory.GetFiles(other))
        {
            File.Copy(file, Path.Combine(_world.Folder, Path.GetFileName(file)), overwrite: true);
        }

        AuditVerifier.Verify(_world.Folder, _trust).IsIntact.Should().BeFalse();
    }

    [Fact]
    public void A_changed_file_is_not_written_on()
    {
        var bytes = _world.Bytes();
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(_world.LastSegment, bytes);
        _world.Invoking(world => world.Open()).Should().Throw<IOException>().WithMessage("*find out why*");
        var frames = Frames(bytes);
        File.WriteAllBytes(_world.LastSegment, Join(frames.Take(3)));
        _world.Invoking(world => world.Open()).Should().Throw<IOException>().WithMessage("*shorter*");
        File.WriteAllBytes(_world.LastSegment, []);
        _world.Invoking(world => world.Open()).Should().Throw<IOException>();
    }

    [Fact]
    public void After_the_key_was_replaced_both_keys_are_needed_for_the_whole_proof()
    {
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var before = AuditVerifier.Verify(_world.Folder, _trust).Records;
        using (var file = new AuditFile(new AuditOptions { Folder = _world.Folder }, () => ECDsa.Create(next.ExportParameters(true))))
        using (var session = AuditWorld.Session(file))
        {
            AuditWorld.Act(session, 10);
        }

        var oldOnly = AuditVerifier.Verify(_world.Folder, _trust);
        oldOnly.ProvenRecords.Should().BeLessThan(before + 1);
        oldOnly.Findings.Should().OnlyContain(finding => finding.Kind == AuditFindingKind.UntrustedCheckpoint);
        _trust.Keys.Add(next.ExportSubjectPublicKeyInfo());
        var both = AuditVerifier.Verify(_world.Folder, _trust);
        both.Findings.Should().BeEmpty();
        both.ProvenRecords.Should().Be(both.Records);
    }

    private void Fill(string folder, int operations, AuditTrust keep, string function)
    {
        using var kept = new ManualResetEventSlim();
        var all = new List<AuditCheckpoint>();
        using (var file = new AuditFile(
            new AuditOptions { Folder = folder },
            () => ECDsa.Create(_key.ExportParameters(true)),
            checkpoint =>
            {
                lock (all)
                {
                    all.Add(checkpoint);
                }

                if (checkpoint.Size == 1 + (2 * operations))
                {
                    kept.Set();
                }
            }))
        using (var session = AuditWorld.Session(file))
        {
            AuditWorld.Act(session, operations, function);
        }

        kept.Wait(TimeSpan.FromSeconds(30)).Should().BeTrue();
        lock (all)
        {
            foreach (var checkpoint in all)
            {
                keep.Checkpoints.Add(checkpoint);
            }
        }
    }

    private AuditReport Verify(byte[] segment)
    {
        File.WriteAllBytes(_world.LastSegment, segment);
        return AuditVerifier.Verify(_world.Folder, _trust);
    }

    private static List<byte[]> Frames(byte[] bytes)
    {
        var frames = new List<byte[]>();
        for (var at = 0; AuditFrame.TryRead(bytes.AsSpan(at), out _, out _, out var payload);)
        {
            var length = AuditFrame.HeaderSize + payload.Length;
            frames.Add(bytes[at..(at + length)]);
            at += length;
        }

        return frames;
    }

    private static byte[] Join(IEnumerable<byte[]> frames) => [.. frames.SelectMany(frame => frame)];

    /// <summary>What a thief of the file would do: change one record and chain everything anew.</summary>
    private static byte[] Restamp(List<byte[]> frames, int edited)
    {
        var head = new byte[AuditFrame.HashSize];
        var result = new List<byte>();
        using var hasher = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        for (var i = 0; i < frames.Count; i++)
        {
            var payload = frames[i][AuditFrame.HeaderSize..];
            if (i == edited)
            {
                // Another hour: still a record, no longer the true one.
                var at = System.Text.Encoding.UTF8.GetString(payload).IndexOf('T', StringComparison.Ordinal) + 2;
                payload[at] = payload[at] == (byte)'1' ? (byte)'2' : (byte)'1';
            }

            var chained = new byte[AuditFrame.ChainSize + payload.Length];
            payload.CopyTo(chained, AuditFrame.ChainSize);
            var frame = new byte[AuditFrame.HeaderSize + payload.Length];
            AuditFrame.Write(chained, i, head, frame, hasher);
            result.AddRange(frame);
        }

        return [.. result];
    }
}
