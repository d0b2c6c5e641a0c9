using LangGuard.Misuse;

using LangGuard.Redaction;

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

    /// <summary>What was found in what leaves, so that nobody looks twice. 0: nobody has looked. Kinds that send nothing keep nothing.</summary>
    internal virtual int OutgoingMark { get => 0; set => _ = value; }

    /// <summary>What a person is shown beside <see cref="CanonicalEffect"/>. Made only when somebody is asked.</summary>
    internal virtual OperationPreview Preview() => default;

    /// <summary>The wall behind the decision that stopped it, for the record of how it ended; null when none did. Set once, by the
    /// exception that tells the caller.</summary>
    internal Reason? StoppedBy { get; set; }

    /// <summary>The policy that it was put to, which knows what has to be hidden; null before that.</summary>
    internal Policy? PutTo { get; set; }

    /// <summary>The resource as logs may show it.</summary>
    internal string ShownResource => (PutTo is { } policy ? TextRedaction.Of(policy) : TextRedaction.Default).Apply(Resource);

    /// <summary>Bytes that will go out or be written, as far as they are known before; otherwise 0.</summary>
    internal virtual long KnownBytesOut => 0;

    /// <summary>Where a result comes from, as people write it: what a host endorses.</summary>
    internal virtual string Source => Resource;

    /// <summary>The same for labels that outlive the session: the same place has the same name for every agent.</summary>
    internal virtual string StoredAs => $"{Surface}:{Source}";

    /// <summary>Whether that name means the same place in every policy of the process, as a path and a server do.</summary>
    internal virtual bool IsStoredForAll => false;

    /// <summary>The place that a change goes to.</summary>
    internal virtual string WritesTo => StoredAs;

    /// <summary>The same of the place that a change goes to.</summary>
    internal virtual bool WritesForAll => IsStoredForAll;

    /// <summary>Whether the operation only adds and loses nothing.</summary>
    internal virtual bool IsAdditive => false;

    /// <summary>Adds what tells this operation from others. Kinds override it so that nothing is allocated.</summary>
    internal virtual void AddTo(ref OperationHash hash)
    {
        hash.Add((int)Effects);
        hash.Add(CanonicalEffect);
    }

    /// <summary>Whether any effect changes something, rather than only reading.</summary>
    public bool Mutates => (Effects & ~Effects.Read) != 0;

    /// <inheritdoc />
    public override string ToString() => $"{Effects} {Resource}";
}
