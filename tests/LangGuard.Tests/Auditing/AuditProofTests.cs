using System.Security.Cryptography;
using LangGuard.Auditing;

namespace LangGuard.Tests.Auditing;

public sealed class AuditProofTests : IDisposable
{
    private readonly AuditWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(20)]
    public void Every_record_of_a_signed_file_is_proven_alone(int times)
    {
        var trust = Write(times);
        foreach (var record in _world.Records().Select(record => record.GetRawText()))
        {
            var proof = AuditProof.Parse(AuditVerifier.Prove(_world.Folder, text => text == record)!.ToString());
            proof.Record.Should().Be(record);
            proof.IsValid(trust).Should().BeTrue();
        }
    }

    [Fact]
    public void A_changed_proof_proves_nothing()
    {
        var trust = Write(9);
        var text = AuditVerifier.Prove(_world.Folder, record => record.Contains("\"outcome\"", StringComparison.Ordinal))!.ToString();
        var lines = text.Split('\n');
        for (var line = 1; line < lines.Length - 1; line++)
        {
            for (var at = 0; at < lines[line].Length; at++)
            {
                var changed = lines.ToArray();
                changed[line] = lines[line][..at] + (lines[line][at] == '1' ? '2' : '1') + lines[line][(at + 1)..];
                IsValid(string.Join('\n', changed), trust, AuditProof.Parse(text)).Should().BeFalse($"line {line}, character {at}: {changed[line]}");
            }
        }

        AuditProof.Parse(text).IsValid(trust).Should().BeTrue();
    }

    [Fact]
    public void A_stranger_and_a_record_that_is_not_signed_prove_nothing()
    {
        Write(3);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var other = new AuditTrust();
        other.Keys.Add(stranger.ExportSubjectPublicKeyInfo());
        AuditVerifier.Prove(_world.Folder, _ => true, other).Should().BeNull();
        AuditVerifier.Prove(_world.Folder, _ => true)!.IsValid(other).Should().BeFalse();
        AuditVerifier.Prove(_world.Folder, _ => false).Should().BeNull();
        FluentActions.Invoking(() => AuditProof.Parse("langguard audit proof 1\n1\n")).Should().Throw<FormatException>();
    }

    [Fact]
    public void A_record_that_was_made_anew_is_not_proven()
    {
        Write(5);
        var name = _world.LastSegment;
        var bytes = File.ReadAllBytes(name);
        bytes[^1] ^= 1;
        var at = bytes.AsSpan().IndexOf("\"Allow\""u8);
        bytes[at + 1] = (byte)'B';
        File.WriteAllBytes(name, bytes);
        AuditVerifier.Prove(_world.Folder, record => record.Contains("\"Bllow\"", StringComparison.Ordinal)).Should().BeNull();
    }

    private AuditTrust Write(int times)
    {
        var trust = new AuditTrust();
        using var file = _world.Open();
        using var session = AuditWorld.Session(file);
        AuditWorld.Act(session, times);
        trust.Keys.Add(file.PublicKey);
        return trust;
    }

    /// <summary>Valid, and not by chance the same proof: base64 has letters that stand for nothing.</summary>
    private static bool IsValid(string text, AuditTrust trust, AuditProof original)
    {
        try
        {
            var proof = AuditProof.Parse(text);
            return proof.IsValid(trust) && proof.ToString() != original.ToString()
                && !(proof.Record == original.Record && proof.Number == original.Number && proof.Checkpoint.Root == original.Checkpoint.Root
                    && proof.Checkpoint.Time == original.Checkpoint.Time && proof.Checkpoint.Log == original.Checkpoint.Log
                    && proof.Checkpoint.Size == original.Checkpoint.Size && proof.Checkpoint.Key == original.Checkpoint.Key);
        }
        catch (Exception failure) when (failure is FormatException or OverflowException or CryptographicException)
        {
            return false;
        }
    }
}
