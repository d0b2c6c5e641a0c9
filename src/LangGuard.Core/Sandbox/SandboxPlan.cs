namespace LangGuard.Sandbox;

/// <summary>What the operating system has to show to a process that works under a policy, and nothing else: a wall of another
/// kind around the same permissions.</summary>
public sealed record SandboxPlan
{
    internal SandboxPlan(string name, IReadOnlyList<SandboxMount> mounts, SandboxNetwork network)
    {
        Name = name;
        Mounts = mounts;
        Network = network;
    }

    /// <summary>The name of the policy.</summary>
    public string Name { get; }

    /// <summary>The directories, in the order of their paths, so that one beneath another comes later.</summary>
    internal IReadOnlyList<SandboxMount> Mounts { get; }

    /// <summary>What it lets out.</summary>
    internal SandboxNetwork Network { get; }

    /// <summary>Writes a Compose file: read-only root, no capabilities, no new privileges, a user of its own, the directories of
    /// the policy, and the smallest network.</summary>
    /// <param name="image">The image of the host application. It brings the program and its configuration.</param>
    /// <param name="user">The numeric user and group inside, such as <c>10001:10001</c>. They need rights on the directories.</param>
    /// <remarks>Other services can be put beside in a second file (<c>docker compose -f sandbox.yaml -f others.yaml</c>); a proxy or
    /// a database server joins the network <c>inside</c>.</remarks>
    public string ToCompose(string image, string user = "10001:10001")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(image);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        return ComposeFile.Write(this, image, user);
    }

    /// <summary>The arguments of <c>bwrap</c> (bubblewrap) that run a command in the sandbox on this machine, with the program of
    /// this process and the .NET runtime shown read-only.</summary>
    /// <param name="command">The program and its arguments, such as <c>dotnet</c> and <c>/opt/agent/Agent.dll</c>.</param>
    /// <remarks>Linux. The environment is cleared but for <c>PATH</c>, <c>HOME</c> and <c>LANG</c>; put <c>--setenv NAME VALUE</c> in
    /// front for more. With <see cref="SandboxNetwork.Internal"/> bubblewrap can only share the whole network of the host: run it
    /// in a network namespace that reaches the proxy alone, or use the Compose file.</remarks>
    public IReadOnlyList<string> ToBubblewrap(params IEnumerable<string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return BubblewrapArguments.Write(this, [.. command]);
    }
}
