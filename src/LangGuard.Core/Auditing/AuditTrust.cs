using System.Security.Cryptography;

namespace LangGuard.Auditing;

/// <summary>What a verifier believes before it looks: keys, and checkpoints that were kept elsewhere.</summary>
public sealed class AuditTrust
{
    /// <summary>Public keys, as SubjectPublicKeyInfo. Several while a key is being replaced.</summary>
    public IList<ReadOnlyMemory<byte>> Keys { get; } = [];

    /// <summary>Checkpoints from a place that the writer can not change.</summary>
    public IList<AuditCheckpoint> Checkpoints { get; } = [];

    internal bool HasSigned(AuditCheckpoint checkpoint)
    {
        foreach (var bytes in Keys)
        {
            try
            {
                using var key = ECDsa.Create();
                key.ImportSubjectPublicKeyInfo(bytes.Span, out _);
                if (AuditSigner.IdOf(key) == checkpoint.Key && checkpoint.IsSignedBy(key))
                {
                    return true;
                }
            }
            catch (CryptographicException)
            {
                // Not a key: it has signed nothing.
            }
        }

        return false;
    }
}
