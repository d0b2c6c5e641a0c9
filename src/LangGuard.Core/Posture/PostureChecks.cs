using System.Globalization;

namespace LangGuard.Posture;

/// <summary>The built-in checks, and the one place that runs checks.</summary>
internal static class PostureChecks
{
    private const string Setting = "DefendInDepth:Posture:Require";

    /// <summary>Capabilities that let a process leave a sandbox or read what is not its own: dac_override, dac_read_search,
    /// sys_module, sys_rawio, sys_ptrace, sys_admin, mknod, bpf, net_admin, checkpoint_restore.</summary>
    private const ulong Dangerous =
        1UL << 1 | 1UL << 2 | 1UL << 16 | 1UL << 17 | 1UL << 19 | 1UL << 21 | 1UL << 27 | 1UL << 39 | 1UL << 12 | 1UL << 40;

    private static readonly string[] KernelFileSystems =
        ["proc", "sysfs", "tmpfs", "devpts", "mqueue", "cgroup", "cgroup2", "devtmpfs", "securityfs", "bpf", "tracefs", "debugfs", "configfs", "pstore", "hugetlbfs", "ramfs", "fusectl", "binfmt_misc", "autofs", "rpc_pipefs", "nsfs"];

    internal static IReadOnlyList<IPostureCheck> BuiltIn { get; } =
    [
        new PostureCheck("posture.sandbox", Sandbox),
        new PostureCheck("posture.not-root", NotRoot),
        new PostureCheck("posture.read-only-root", ReadOnlyRoot),
        new PostureCheck("posture.no-container-socket", NoContainerSocket),
        new PostureCheck("posture.capabilities", Capabilities),
        new PostureCheck("posture.no-new-privileges", NoNewPrivileges),
        new PostureCheck("posture.mounts", Mounts),
        new PostureCheck("posture.egress-proxy", EgressProxy),
        new PostureCheck("posture.own-places", OwnPlaces),
    ];

    internal static IReadOnlyList<PostureResult> Run(PolicyOptions options, PolicyDependencies dependencies)
    {
        var parts = dependencies.Get<PostureParts>();
        var host = parts?.Host ?? HostProbe.Look(options, dependencies);
        var required = options.DefendInDepth.Posture.Require;
        return [.. BuiltIn.Concat(parts?.Checks ?? []).Select(check =>
            Ask(check, host) with { Check = check.Id, IsRequired = required.Contains("*") || required.Contains(check.Id) })];
    }

    /// <summary>Adds an error for every required check that has not passed.</summary>
    internal static void Enforce(PolicyOptions options, PolicyDependencies dependencies, PolicyErrors errors)
    {
        if (options.DefendInDepth.Posture.Require.Count == 0)
        {
            return;
        }

        var results = Run(options, dependencies);
        foreach (var unknown in options.DefendInDepth.Posture.Require.Where(id => id != "*" && results.All(result => result.Check != id)))
        {
            errors.Add(Setting, unknown, "There is no such check.", $"Name one of: {string.Join(", ", results.Select(result => result.Check))}.");
        }

        foreach (var result in results.Where(result => result is { IsRequired: true, Passed: false }))
        {
            errors.Add(Setting, result.Check, result.Message ?? "It has not passed.", result.Remedy ?? "Run this process where it holds.");
        }
    }

    private static PostureResult Ask(IPostureCheck check, HostPosture host)
    {
        try
        {
            return check.Check(host);
        }
        catch (Exception failure)
        {
            // What can not be found out does not hold.
            return PostureResult.Fails($"The check failed ({failure.GetType().Name}).", "Mend the check.");
        }
    }

    /// <summary>Two independent signs from the kernel. A file or a variable that says "container" proves nothing.</summary>
    private static PostureResult Sandbox(HostPosture host)
    {
        var signs = new List<string>();
        var root = host.Mounts.LastOrDefault(mount => mount.Point == "/");
        if (root is not null && (root.FileSystem is "overlay" or "fuse-overlayfs" or "9p" or "virtiofs" || root.Root != "/"))
        {
            signs.Add("a root file system of its own");
        }

        if (host.UserMap is { } map && !IsIdentity(map))
        {
            signs.Add("a user namespace");
        }

        if (host.Status.GetValueOrDefault("Seccomp") == "2")
        {
            signs.Add("a system call filter");
        }

        if (host.Status.TryGetValue("CapBnd", out var bound) && (Hex(bound) & Dangerous) != Dangerous)
        {
            signs.Add("a bounded set of capabilities");
        }

        return signs.Count >= 2
            ? PostureResult.Holds(string.Join(", ", signs))
            : PostureResult.Fails("The kernel shows no sandbox around this process.", "Run it in a container with the engine's default profile.");
    }

    private static PostureResult NotRoot(HostPosture host)
    {
        if (!host.Status.TryGetValue("Uid", out var ids))
        {
            return Unknown();
        }

        return ids.Split('\t', ' ', StringSplitOptions.RemoveEmptyEntries).All(id => id != "0")
            ? PostureResult.Holds("user " + ids.Split('\t', ' ')[0])
            : PostureResult.Fails("This process runs as root.", "Give it a user of its own.");
    }

    private static PostureResult ReadOnlyRoot(HostPosture host) =>
        host.Mounts.LastOrDefault(mount => mount.Point == "/") is not { } root ? Unknown()
        : root.IsReadOnly ? PostureResult.Holds("mounted read-only")
        : PostureResult.Fails("The root file system can be written.", "Mount it read-only, with a tmpfs for temporary files.");

    private static PostureResult NoContainerSocket(HostPosture host) => host.ContainerSockets.Count == 0
        ? PostureResult.Holds("none in sight")
        : PostureResult.Fails("A socket of a container engine is in sight: whoever reaches it owns the host.", "Do not mount it.");

    private static PostureResult Capabilities(HostPosture host) =>
        !host.Status.TryGetValue("CapEff", out var effective) ? Unknown()
        : (Hex(effective) & Dangerous) == 0 ? PostureResult.Holds("none that leaves a sandbox")
        : PostureResult.Fails("This process holds capabilities that leave a sandbox.", "Drop all capabilities.");

    private static PostureResult NoNewPrivileges(HostPosture host) =>
        host.Status.GetValueOrDefault("NoNewPrivs") == "1"
            ? PostureResult.Holds("set")
            : PostureResult.Fails("A program that this process starts can gain rights.", "Set no-new-privileges.");

    private static PostureResult Mounts(HostPosture host)
    {
        if (host.Mounts.Count == 0)
        {
            return Unknown();
        }

        var beyond = host.Mounts.Count(mount =>
            !mount.IsReadOnly && mount.Point != "/" && !KernelFileSystems.Contains(mount.FileSystem)
            && !mount.Point.StartsWith("/etc/", StringComparison.Ordinal)
            && !host.Roots.Concat(host.OwnPlaces).Any(place => IsIn(place, mount.Point) || IsIn(mount.Point, place)));
        return beyond == 0
            ? PostureResult.Holds("no writable mount beyond the policy's places")
            : PostureResult.Fails($"{beyond} writable mounts serve no root of the policy.", "Mount only what the policy names, read-only where it reads.");
    }

    private static PostureResult EgressProxy(HostPosture host) =>
        !host.Egress.AllowsHttp ? PostureResult.Holds("no requests are allowed")
        : host.Egress.HasProxy ? PostureResult.Holds("every request goes through it")
        : PostureResult.Fails("Requests leave without an egress proxy.", "Name one proxy for all requests.");

    private static PostureResult OwnPlaces(HostPosture host)
    {
        var shared = host.OwnPlaces.Count(place => host.WritableRoots.Any(root => IsIn(place, root)));
        return shared == 0
            ? PostureResult.Holds("no root reaches them")
            : PostureResult.Fails($"An agent can change {shared} of the places that hold it: program, audit or journal.", "Move them out of every root.");
    }

    private static PostureResult Unknown() =>
        PostureResult.Fails("The kernel does not say.", "Check it by other means.");

    /// <summary>The first user namespace maps everybody to themselves.</summary>
    private static bool IsIdentity(string map) =>
        map.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries) is ["0", "0", "4294967295"];

    private static ulong Hex(string text) =>
        ulong.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value) ? value : ulong.MaxValue;

    private static bool IsIn(string path, string folder) =>
        string.Equals(path, folder, StringComparison.Ordinal)
        || path.StartsWith(folder.EndsWith('/') ? folder : folder + "/", StringComparison.Ordinal);
}
