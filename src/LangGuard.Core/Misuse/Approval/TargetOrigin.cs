namespace LangGuard.Misuse;

/// <summary>Where a target came from.</summary>
public enum TargetOrigin
{
    /// <summary>Nobody vouches for it: the model chose it, or untrusted content did.</summary>
    Unknown = 0,

    /// <summary>An earlier result of a function in this session.</summary>
    EarlierResult,

    /// <summary>The policy or a trusted source.</summary>
    Trusted,

    /// <summary>The user's own words.</summary>
    User,
}
