using System.Security.Cryptography;

namespace LangGuard.Auditing;

/// <summary>What an audit file needs besides its folder.</summary>
internal sealed record AuditFileSettings
{
    internal TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gives the key that signs checkpoints; null for one that is kept in the folder.</summary>
    internal Func<ECDsa>? Key { get; init; }

    internal Action<AuditCheckpoint>? OnCheckpoint { get; init; }
}
