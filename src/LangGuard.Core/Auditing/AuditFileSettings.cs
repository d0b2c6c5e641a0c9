using System.Security.Cryptography;

namespace LangGuard.Auditing;

/// <summary>What an audit file needs besides its folder.</summary>
internal sealed record AuditFileSettings
{
    internal TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gives the key that signs checkpoints; null for one that is kept in the folder.</summary>
    internal Func<ECDsa>? Key { get; init; }

    internal Action<AuditCheckpoint>? OnCheckpoint { get; init; }

    /// <summary>How many bytes of records may wait for a table. Decisions take at most two thirds of it; then operations are denied.</summary>
    internal long TableRoom { get; init; } = 12 * 1024 * 1024;
}
