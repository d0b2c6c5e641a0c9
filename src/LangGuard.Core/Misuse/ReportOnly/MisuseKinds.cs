namespace LangGuard.Misuse;

/// <summary>The misuse layers by the methods that set them.</summary>
[Flags]
public enum MisuseKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Quotas.</summary>
    LimitUsage = 1,

    /// <summary>Running in circles.</summary>
    DetectLoops = 2,

    /// <summary>Operations that a person must approve.</summary>
    RequireApproval = 4,

    /// <summary>What untrusted content changes.</summary>
    TrackUntrustedContent = 8,

    /// <summary>Secrets in what is sent.</summary>
    KeepSecrets = 16,

    /// <summary>Canaries.</summary>
    PlantCanaries = 32,
}
