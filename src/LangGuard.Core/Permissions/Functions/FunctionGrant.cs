namespace LangGuard.Permissions;

/// <summary>The permission to call one function.</summary>
internal sealed class FunctionGrant : Grant
{
    internal FunctionGrant(bool trusted)
        : base(Surface.Functions, trusted)
    {
    }

    public override Grant Intersect(Grant other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new FunctionGrant(Trusted && other.Trusted);
    }
}
