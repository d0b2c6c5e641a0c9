using System.Security.Cryptography;

namespace LangGuard.Auditing;

/// <summary>Says where decisions and outcomes are recorded.</summary>
public sealed class AuditBuilder
{
    private readonly PolicyBuilder _policy;

    internal AuditBuilder(PolicyBuilder policy) => _policy = policy;

    internal PolicyBuilder Policy => _policy;

    private AuditOptions Options => _policy.Options.DefendInDepth.Audit;

    /// <summary>Records in a folder of the host: outside every root, not a link, writable by nobody else.</summary>
    public AuditBuilder ToFile(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Options.Folder = folder;
        return this;
    }

    /// <summary>Records in a sink as well. When it throws, the operation is denied.</summary>
    public AuditBuilder To(IAuditSink sink)
    {
        _policy.AddAuditSink(sink);
        return this;
    }

    /// <summary>Operations with any of these effects are on the disk before they run, besides the default ones.</summary>
    public AuditBuilder DurableFor(Effects effects)
    {
        Options.DurableFor |= effects;
        return this;
    }

    /// <summary>Every operation is on the disk before it runs.</summary>
    public AuditBuilder AlwaysDurable()
    {
        Options.Mode = AuditMode.Durable;
        return this;
    }

    /// <summary>Operations that are not in <see cref="DurableFor"/> run even when they can not be recorded.</summary>
    public AuditBuilder UnguardedBestEffort()
    {
        Options.Mode = AuditMode.UnguardedBestEffort;
        return this;
    }

    /// <summary>Signs checkpoints with this key instead of one that is kept in the folder.</summary>
    public AuditBuilder SignWith(Func<ECDsa> key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _policy.Collect<AuditFileParts>().Key = key;
        return this;
    }

    /// <summary>Gets every signed checkpoint, to keep it where this process can not change it.</summary>
    public AuditBuilder OnCheckpoint(Action<AuditCheckpoint> keep)
    {
        ArgumentNullException.ThrowIfNull(keep);
        _policy.Collect<AuditFileParts>().OnCheckpoint += keep;
        return this;
    }
}
