namespace LangGuard.Posture;

/// <summary>What the kernel says of this process, and where this process keeps what an agent must not change. Nothing
/// here comes from an environment variable.</summary>
public sealed record HostPosture
{
    /// <summary>Fields of <c>/proc/self/status</c>; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Status { get; init; } = new Dictionary<string, string>();

    /// <summary>Lines of <c>/proc/self/mountinfo</c>; empty where there is none.</summary>
    public IReadOnlyList<HostMount> Mounts { get; init; } = [];

    /// <summary>The text of <c>/proc/self/uid_map</c>, or null.</summary>
    public string? UserMap { get; init; }

    /// <summary>Sockets of container engines that exist.</summary>
    public IReadOnlyList<string> ContainerSockets { get; init; } = [];

    /// <summary>Roots that the policy lets an agent change, as real paths.</summary>
    public IReadOnlyList<string> WritableRoots { get; init; } = [];

    /// <summary>Every root of the policy, as real paths.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>Places that decide what an agent may do, or prove what it did: program, configuration, audit, journal.</summary>
    public IReadOnlyList<string> OwnPlaces { get; init; } = [];

    /// <summary>Whether the policy allows requests, and whether all of them go through one proxy.</summary>
    public (bool AllowsHttp, bool HasProxy) Egress { get; init; }
}
