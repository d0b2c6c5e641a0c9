namespace LangGuard.AI;

/// <summary>How a chat client guards the tools that its model can reach.</summary>
public sealed class ToolGuardOptions
{
    private readonly HashSet<string> _hosted = new(StringComparer.Ordinal);

    /// <summary>Whether answers to approval requests in the user's messages count. They count only for a request that this
    /// session made, once, and for exactly its call. Default: yes. Turn it off where the user is not the one to approve.</summary>
    public bool AcceptApprovalsInChat { get; set; } = true;

    /// <summary>Whether the user's messages count as the user's own words. Default: yes. Turn it off where anybody may
    /// write, so that the user may be the attacker.</summary>
    public bool TrustUserMessages { get; set; } = true;

    /// <summary>Lets a hosted tool through, which runs at the provider of the model where no guard can stand.</summary>
    /// <param name="name">The name of the tool, such as <c>web_search</c>; for an MCP server <c>mcp:</c> and its
    /// address.</param>
    public ToolGuardOptions AllowHostedToolUnguarded(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _hosted.Add(name);
        return this;
    }

    internal bool AllowsHosted(string name) => _hosted.Contains(name);
}
