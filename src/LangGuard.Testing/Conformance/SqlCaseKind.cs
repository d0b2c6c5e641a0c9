namespace LangGuard.Testing.Conformance;

/// <summary>What a statement of a conformance run is.</summary>
internal enum SqlCaseKind
{
    /// <summary>Must not run, and must change nothing.</summary>
    Attack,

    /// <summary>May run, and must then return no greater number than the owner's login counts as the agent's.</summary>
    Confined,

    /// <summary>Granted: has to run as it does without a guard.</summary>
    Honest,
}
