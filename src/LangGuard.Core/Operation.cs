namespace LangGuard;

/// <summary>What an agent is about to do to one resource, in canonical form. Immutable; what is decided on is exactly
/// what is executed.</summary>
/// <remarks>The kinds are closed: <see cref="FileOperation"/>, <see cref="HttpOperation"/>,
/// <see cref="DatabaseOperation"/> and <see cref="FunctionOperation"/>.</remarks>
public abstract class Operation
{
    private protected Operation(Surface surface, Effects effects, Principal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        Surface = surface;
        Effects = effects;
        Principal = principal;
    }

    /// <summary>The surface the operation belongs to.</summary>
    public Surface Surface { get; }

    /// <summary>What it does to the world.</summary>
    public Effects Effects { get; }

    /// <summary>On whose behalf.</summary>
    public Principal Principal { get; }

    /// <summary>The canonical resource, for people, audit and approvals. Holds no host path and no secret.</summary>
    public abstract string Resource { get; }

    /// <summary>The whole effect in canonical form: what an approval is bound to. Surfaces add what pins the effect,
    /// such as the identity of the file and a hash of the new content.</summary>
    public virtual string CanonicalEffect => $"{Surface} {Effects} {Resource}";

    /// <summary>Whether what the guard acquired before the decision is still what it was. Called again after an
    /// approval, on the object that was acquired.</summary>
    protected internal virtual bool StillHolds() => true;

    /// <summary>Whether any effect changes something, rather than only reading.</summary>
    public bool Mutates => (Effects & ~Effects.Read) != 0;

    /// <inheritdoc />
    public override string ToString() => $"{Effects} {Resource}";
}
