namespace LangGuard.Findings;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Note = 0,

    /// <summary>Wider than it should be, or without effect.</summary>
    Warning,

    /// <summary>A hole that an attacker would look for.</summary>
    Error,
}
