namespace LangGuard.Misuse;

/// <summary>Says which operations a person must approve.</summary>
public sealed class ApprovalBuilder
{
    private readonly MisuseBuilder _misuse;

    internal ApprovalBuilder(MisuseBuilder misuse) => _misuse = misuse;

    private ApprovalOptions Options => _misuse.Options.RequireApproval;

    /// <summary>Deletes need approval, on every surface.</summary>
    public ApprovalBuilder ForDeletes() => For(Effects.Delete);

    /// <summary>Every change needs approval, on every surface.</summary>
    public ApprovalBuilder ForWrites() => For(Effects.Write | Effects.Delete);

    /// <summary>Operations with any of these effects need approval.</summary>
    public ApprovalBuilder For(Effects effects)
    {
        Options.Effects |= effects;
        return this;
    }

    /// <summary>Every call of a function needs approval.</summary>
    public ApprovalBuilder ForFunction(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Options.Functions.Add(name);
        return this;
    }

    /// <summary>How long a request waits for a person, and an approval for its operation.</summary>
    public ApprovalBuilder Within(TimeSpan timeToLive)
    {
        Options.TimeToLive = timeToLive;
        return this;
    }

    /// <summary>Keeps requests and approvals in this store, so that they outlive the session and other processes can answer
    /// them. Without one they live and end with the session.</summary>
    public ApprovalBuilder KeepIn(IApprovalStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _misuse.Policy.Provide(store);
        return this;
    }

    /// <summary>Asks this approver. Without one, what needs approval is denied with the id of the request.</summary>
    public ApprovalBuilder By(IApprover approver)
    {
        _misuse.Policy.Provide(approver);
        return this;
    }

    /// <summary>Asks by a delegate of the host.</summary>
    /// <param name="ask">Asks a person about a request.</param>
    public ApprovalBuilder By(Func<ApprovalRequest, CancellationToken, ValueTask<ApprovalAnswer>> ask) =>
        By(new DelegateApprover(ask));
}
