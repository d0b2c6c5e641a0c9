namespace LangGuard.Journaling;

/// <summary>How what a change replaces is kept.</summary>
internal enum PreImage : byte
{
    /// <summary>Nothing to keep, or nothing kept.</summary>
    None = 0,

    /// <summary>The old file itself was moved aside: no copy, and nobody else holds it.</summary>
    Moved,

    /// <summary>A copy of its content.</summary>
    Copied,

    /// <summary>Too large to keep, and the policy does not insist.</summary>
    Lost,
}
