namespace LangGuard.Conformance;

/// <summary>What became of one case.</summary>
public enum CaseOutcome
{
    /// <summary>As expected.</summary>
    Passed,

    /// <summary>A forbidden effect happened, or no denial was reported.</summary>
    Bypass,

    /// <summary>A permitted operation did not complete.</summary>
    FalseDenial,

    /// <summary>The case could not be run.</summary>
    Error,

    /// <summary>A forbidden operation that has no effect even without a guard.</summary>
    Inert,

    /// <summary>Not for this machine.</summary>
    Skipped,
}
