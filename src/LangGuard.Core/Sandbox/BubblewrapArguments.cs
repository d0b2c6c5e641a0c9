using System.Runtime.InteropServices;

namespace LangGuard.Sandbox;

/// <summary>Writes a plan as arguments of bubblewrap.</summary>
#pragma warning disable RS0030 // Facts of the host at fixed places; no session is involved.
internal static class BubblewrapArguments
{
    private static readonly string[] SystemLinks = ["/bin", "/lib", "/lib32", "/lib64", "/libx32", "/sbin"];

    // What name resolution, TLS and time zones read.
    private static readonly string[] Settings =
        ["/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/localtime", "/etc/ld.so.cache"];

    internal static IReadOnlyList<string> Write(SandboxPlan plan, IReadOnlyList<string> command)
    {
        List<string> arguments =
        [
            "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--uid", "10001", "--gid", "10001",
            "--clearenv", "--setenv", "PATH", "/usr/local/bin:/usr/bin:/bin", "--setenv", "HOME", "/tmp", "--setenv", "LANG", "C.UTF-8",
        ];
        if (plan.Network != SandboxNetwork.None)
        {
            arguments.Add("--share-net");
        }

        arguments.AddRange(["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]);
        foreach (var path in SystemLinks)
        {
            // On a merged /usr these are links; elsewhere directories of their own.
            arguments.AddRange(new FileInfo(path).LinkTarget is { } target
                ? ["--symlink", target, path]
                : ["--ro-bind-try", path, path]);
        }

        foreach (var path in Settings)
        {
            arguments.AddRange(["--ro-bind-try", path, path]);
        }

        foreach (var path in new[] { RuntimeFolder(), AppContext.BaseDirectory }.Select(Path.TrimEndingDirectorySeparator))
        {
            if (path.Length > 0 && !path.StartsWith("/usr/", StringComparison.Ordinal))
            {
                arguments.AddRange(["--ro-bind", path, path]);
            }
        }

        foreach (var mount in plan.Mounts)
        {
            arguments.AddRange([mount.IsReadOnly ? "--ro-bind" : "--bind", mount.Path, mount.Path]);
        }

        arguments.AddRange(["--remount-ro", "/", "--"]);
        arguments.AddRange(command);
        return arguments;
    }

    /// <summary>The folder of the shared .NET installation; empty for a program that brings its own runtime.</summary>
    private static string RuntimeFolder()
    {
        var runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        var shared = runtime.IndexOf("/shared/", StringComparison.Ordinal);
        return shared < 0 ? string.Empty : runtime[..shared];
    }
}
