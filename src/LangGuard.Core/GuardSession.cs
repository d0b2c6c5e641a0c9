using System.Diagnostics.CodeAnalysis;
using LangGuard.Misuse;
using LangGuard.Permissions;

namespace LangGuard;

/// <summary>One conversation of one agent on behalf of one principal: the policies in force, quotas, labels, approvals.
/// Guards are bound to a session, and every operation goes through <see cref="Authorize"/>.</summary>
/// <remarks>Thread-safe. A child has no more rights than its parent, shares its labels and quotas, and ends with
/// it.</remarks>
public sealed partial class GuardSession : IDisposable
{
    private readonly SessionPolicy _policy;
    private readonly SessionResources _resources;
    private volatile bool _ended;

    private GuardSession(SessionPolicy policy, Principal principal, GuardSession? parent, GuardSessionOptions options)
    {
        _policy = policy;
        _resources = new SessionResources(this);
        Principal = principal;
        Parent = parent;
        ConversationId = options.ConversationId;
        Id = Guid.CreateVersion7().ToString("N");
        Tree = parent?.Tree ?? new SessionTree(
            this, policy.Start.Dependencies, options.Lifetime, options.OfPrincipal);
        if (options.StartsUntrusted)
        {
            Tree.MarkUntrusted();
        }
    }

    /// <summary>A unique id.</summary>
    public string Id { get; }

    /// <summary>The name of the agent.</summary>
    public string Agent => _policy.Start.Name;

    /// <summary>On whose behalf. A child has its root's principal.</summary>
    public Principal Principal { get; }

    /// <summary>The conversation, or null.</summary>
    public string? ConversationId { get; }

    /// <summary>The parent, or null for a root.</summary>
    public GuardSession? Parent { get; }

    /// <summary>The policy in force now: start policies and current ones of the session and its parents.</summary>
    public Policy Policy => _policy.Effective;

    /// <summary>Whether the session, its parent, its lease or its lifetime has ended. Then everything is denied.</summary>
    public bool HasEnded => _ended || Tree.HasEnded || (Parent?.HasEnded ?? false);

    /// <summary>Whether only reading is possible.</summary>
    public bool IsFrozen => Tree.IsFrozen || _policy.IsFrozen;

    /// <summary>Whether content that nobody vouches for has reached the agent in this session tree.</summary>
    public bool HoldsUntrustedContent => Tree.HoldsUntrustedContent;

    /// <summary>What waits for a person, and the answers.</summary>
    public SessionApprovals Approvals => Tree.Approvals;

    internal SessionTree Tree { get; }

    /// <summary>The request that opened it, or one above it; null when it belongs to none.</summary>
    internal AmbientSession? Request
    {
        get => field ?? Parent?.Request;
        set;
    }

    /// <summary>The functions of the agent as they were first seen.</summary>
    internal FunctionPins Functions => _policy.Sources[0].Functions;

    /// <summary>Whether another agent speaks to this one, rather than a person. A part of a session is no helper.</summary>
    internal bool IsHelper => Parent is not null && (!ReferenceEquals(_policy, Parent._policy) || Parent.IsHelper);

    /// <summary>The session of which this one is a part that ends on its own, or the session itself.</summary>
    internal GuardSession Whole => Parent is not null && ReferenceEquals(_policy, Parent._policy) ? Parent.Whole : this;

    /// <summary>Starts a session.</summary>
    /// <param name="policy">The policy of the agent.</param>
    /// <param name="principal">On whose behalf.</param>
    /// <param name="options">How; null for the defaults.</param>
    public static GuardSession Create(Policy policy, Principal principal, GuardSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Create(new PolicySource(policy), principal, options);
    }

    /// <summary>Starts a session whose policy may be reloaded.</summary>
    /// <param name="source">The policy of the agent over time.</param>
    /// <param name="principal">On whose behalf.</param>
    /// <param name="options">How; null for the defaults.</param>
    public static GuardSession Create(PolicySource source, Principal principal, GuardSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(principal);
        options ??= new GuardSessionOptions();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Lifetime, TimeSpan.Zero);
        return new GuardSession(new SessionPolicy(source.Current, [source]), principal, null, options);
    }

    /// <summary>Starts a session for a helper of this agent. Its rights are the intersection with this session's; its
    /// labels, quotas, freeze and approvals are shared.</summary>
    /// <param name="narrower">The policy of the helper.</param>
    public GuardSession CreateChild(Policy narrower)
    {
        ArgumentNullException.ThrowIfNull(narrower);
        var policy = new SessionPolicy(_policy.Start.Intersect(narrower), [.. _policy.Sources]);
        return new GuardSession(policy, Principal, this, new GuardSessionOptions { ConversationId = ConversationId });
    }

    /// <summary>Starts a part of this session that ends on its own: one turn of the conversation. Rights, labels, quotas
    /// and approvals are this session's.</summary>
    internal GuardSession CreateLease() =>
        new(_policy, Principal, this, new GuardSessionOptions { ConversationId = ConversationId });

    /// <summary>Denies every change in this session tree, at once. Reading goes on.</summary>
    public void Freeze() => Tree.SetFrozen(true);

    /// <summary>Lifts <see cref="Freeze"/>. A host call.</summary>
    public void Unfreeze() => Tree.SetFrozen(false);

    /// <summary>Says that content which nobody vouches for has reached the agent by another way than a guard.</summary>
    public void MarkUntrusted() => Tree.MarkUntrusted();

    /// <summary>Says what the user wrote. Targets in the user's own words count as asked for; feed only what the user really
    /// typed, not documents that were pasted in, and never what a model or a tool supplied.</summary>
    /// <remarks>Where the policy does not trust its users, the message makes the session untrusted instead. In the session of a
    /// helper the message comes from another model, so it names nothing.</remarks>
    /// <param name="text">The message.</param>
    public void AddUserMessage(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Policy.UserWords == UserWords.Untrusted)
        {
            MarkUntrusted();
        }
        else if (!IsHelper)
        {
            State<Provenance>().AddUserText(text);
        }
    }

    /// <summary>Ends the session and its children, and closes what its guards opened.</summary>
    [SuppressMessage("Design", "CA1063", Justification = "Sealed; there is nothing to finalize.")]
    public void Dispose()
    {
        _ended = true;
        if (Parent is null)
        {
            Tree.End();
        }

        _resources.Dispose();
    }

    /// <summary>The counters or labels of one layer, shared by the whole session tree and kept over reloads.</summary>
    internal T State<T>()
        where T : class, new() => Tree.State<T>();

    /// <summary>The counters of one layer for the principal, over all sessions that the host keeps for it.</summary>
    internal T PrincipalState<T>()
        where T : class, new() => Tree.OfPrincipal.Get<T>();

    /// <summary>A guard bound to this session, made on first use and closed with it.</summary>
    internal T Resource<T>(string key, Func<GuardSession, T> create)
        where T : class => _resources.Get(key, create);

    internal bool IsSameOrDescendantOf(GuardSession other)
    {
        for (var session = this; session is not null; session = session.Parent)
        {
            if (ReferenceEquals(session, other))
            {
                return true;
            }
        }

        return false;
    }
}
