namespace LangGuard.Misuse;

/// <summary>Whether the user's own words may name targets once untrusted content is there.</summary>
public enum UserWords
{
    /// <summary>No: the user may be the attacker, as with agents that anybody can reach.</summary>
    Untrusted = 0,

    /// <summary>Yes: what the user names, the agent may do within its permissions.</summary>
    Trusted,
}
