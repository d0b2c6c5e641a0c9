using System.Security.Cryptography;

namespace LangGuard.Auditing;

/// <summary>The parts of the audit file that are objects rather than data, collected while a policy is built.</summary>
internal sealed class AuditFileParts
{
    internal List<AuditTablePlace> Tables { get; } = [];

    internal Func<ECDsa>? Key { get; set; }

    internal Action<AuditCheckpoint>? OnCheckpoint { get; set; }
}
