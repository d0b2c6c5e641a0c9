using LangGuard.Auditing;
using LangGuard.Http;
using LangGuard.Permissions;

namespace LangGuard.Posture;

/// <summary>Asks the kernel about this process.</summary>
#pragma warning disable RS0030 // Facts of the host at fixed places, read when a policy is built; no session is involved.
internal static class HostProbe
{
    private static readonly string[] Sockets =
    [
        "/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/crio/crio.sock",
        "/run/podman/podman.sock", "/var/run/cri-dockerd.sock", "/run/k3s/containerd/containerd.sock",
    ];

    internal static HostPosture Look(PolicyOptions options, PolicyDependencies dependencies) => new()
    {
        Status = Lines("/proc/self/status").Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2)
            .DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.Ordinal),
        Mounts = [.. Lines("/proc/self/mountinfo").Select(HostMount.Parse).OfType<HostMount>()],
        UserMap = Lines("/proc/self/uid_map") is { Length: > 0 } map ? string.Join('\n', map) : null,
        ContainerSockets = [.. Sockets.Where(File.Exists)],
        Roots = RootsOf(options, _ => true),
        WritableRoots = RootsOf(options, root => root.Rules.Values.Any(rule => (rule.Allow & ~Reading) != 0)),
        OwnPlaces = OwnPlaces(options),
        Egress = (options.LimitPermissions.Http.Count > 0, dependencies.Get<EgressOptions>()?.Proxy is not null),
    };

    private const FilePermissions Reading = FilePermissions.List | FilePermissions.Read;

    private static List<string> RootsOf(PolicyOptions options, Func<FileRootOptions, bool> which) =>
        [.. options.LimitPermissions.Files.Values
            .Where(root => root.Root is not null && Path.IsPathFullyQualified(root.Root) && which(root))
            .Select(root => RealPath.Of(root.Root!))];

    private static List<string> OwnPlaces(PolicyOptions options)
    {
        var places = new List<string> { RealPath.Of(AppContext.BaseDirectory) };
        foreach (var place in new[] { options.DefendInDepth.Audit.Folder, options.DefendInDepth.Journal.Directory })
        {
            if (place is not null && Path.IsPathFullyQualified(place))
            {
                places.Add(RealPath.Of(place));
            }
        }

        return places;
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
#pragma warning restore RS0030
