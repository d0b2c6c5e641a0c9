namespace LangGuard;

/// <summary>Keeps something open for reuse under a policy, and lets go of it when that policy is replaced.</summary>
internal interface IDrainable
{
    /// <summary>Closes what is idle. What is in use is closed when its operation ends.</summary>
    void Drain();
}
