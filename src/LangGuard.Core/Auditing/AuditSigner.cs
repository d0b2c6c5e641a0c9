using System.Security.Cryptography;

namespace LangGuard.Auditing;

/// <summary>Signs checkpoints with an ECDSA key.</summary>
internal sealed class AuditSigner(ECDsa key) : IDisposable
{
    private readonly Lock _lock = new();

    internal string Id { get; } = IdOf(key);

    internal byte[] PublicKey { get; } = key.ExportSubjectPublicKeyInfo();

    public void Dispose() => key.Dispose();

    internal static string IdOf(ECDsa key) =>
        Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));

    internal byte[] Sign(byte[] data)
    {
        lock (_lock)
        {
            return key.SignData(data, HashAlgorithmName.SHA256);
        }
    }
}
