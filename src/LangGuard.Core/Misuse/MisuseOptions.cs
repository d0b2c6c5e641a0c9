namespace LangGuard.Misuse;

/// <summary>What is watched for, one entry for each layer. Defaults are on and safe.</summary>
internal sealed class MisuseOptions
{
    /// <summary>Layers that report what they would have denied or asked for, without doing it. Default: none.</summary>
    public MisuseKinds UnguardedReportOnly { get; set; }

    /// <summary>Which operations a person must approve. Default: none.</summary>
    public ApprovalOptions RequireApproval { get; } = new();

    /// <summary>What may be used up. Default: on, with high limits.</summary>
    public UsageOptions LimitUsage { get; } = new();

    /// <summary>When an agent counts as running in circles. Default: on.</summary>
    public LoopOptions DetectLoops { get; } = new();

    /// <summary>What untrusted content changes. Default: on.</summary>
    public UntrustedContentOptions TrackUntrustedContent { get; } = new();

    /// <summary>Whether secrets may leave in what is sent. Default: they may not.</summary>
    public SecretOptions KeepSecrets { get; } = new();

    /// <summary>Things that no honest work touches. Default: none.</summary>
    public CanaryOptions PlantCanaries { get; } = new();
}
