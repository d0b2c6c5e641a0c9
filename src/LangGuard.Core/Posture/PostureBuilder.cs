namespace LangGuard.Posture;

/// <summary>Says what the environment must give.</summary>
public sealed class PostureBuilder
{
    private readonly PolicyBuilder _policy;

    internal PostureBuilder(PolicyBuilder policy) => _policy = policy;

    /// <summary>Every check must pass, else the policy is not built.</summary>
    public PostureBuilder RequireAll() => Require("*");

    /// <summary>This check must pass, else the policy is not built.</summary>
    /// <param name="id">The id, such as <c>posture.sandbox</c>.</param>
    public PostureBuilder Require(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        _policy.Options.DefendInDepth.Posture.Require.Add(id);
        return this;
    }

    /// <summary>Adds a check of the host's own.</summary>
    public PostureBuilder Add(IPostureCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        _policy.Collect<PostureParts>().Checks.Add(check);
        return this;
    }
}
