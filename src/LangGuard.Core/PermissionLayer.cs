namespace LangGuard;

/// <summary>A layer that limits permissions: it sees the operation alone and says whether a permission covers it.</summary>
/// <remarks>
/// Pure, synchronous and without input or output. An operation with several accesses is allowed only whole. A layer
/// that throws denies. A layer never depends on the order of layers and never touches the resource.
/// </remarks>
public abstract class PermissionLayer
{
    /// <summary>A short stable name, shown in explanations.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the layer has anything to say about a surface. Default: all.</summary>
    public virtual bool Covers(Surface surface) => true;

    /// <summary>Votes: abstain, allow with a grant, or deny.</summary>
    public abstract Decision Decide(Operation operation);
}
