namespace LangGuard.Testing;

/// <summary>What became of one case.</summary>
public enum ConformanceOutcome
{
    /// <summary>As expected.</summary>
    Passed,

    /// <summary>An attack took effect, or no denial was reported.</summary>
    Bypass,

    /// <summary>An operation that the policy permits did not complete as it does without a guard.</summary>
    FalseDenial,

    /// <summary>The case could not be run.</summary>
    Error,

    /// <summary>An attack that has no effect even without a guard.</summary>
    Inert,

    /// <summary>Not for this platform or engine, or not granted by the policy.</summary>
    Skipped,
}
