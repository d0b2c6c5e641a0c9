namespace LangGuard;

/// <summary>The immutable permission that matched an operation: its limits, filters and bindings. Guards read them from
/// here. A surface has one kind of grant.</summary>
public abstract class Grant
{
    private protected Grant(Surface surface, bool trusted)
    {
        Surface = surface;
        Trusted = trusted;
    }

    /// <summary>The surface the grant is for.</summary>
    public Surface Surface { get; }

    /// <summary>Whether results are deployer-trusted content. Everything else is untrusted.</summary>
    public bool Trusted { get; }

    /// <summary>The grant that allows only what both allow: the strictest limit wins, filters are combined.</summary>
    /// <param name="other">A grant of the same surface.</param>
    public abstract Grant Intersect(Grant other);
}
