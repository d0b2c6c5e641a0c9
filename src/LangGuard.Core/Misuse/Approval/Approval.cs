namespace LangGuard.Misuse;

/// <summary>The asking rules that a person approved for one effect. It removes exactly these votes when the policy
/// decides again; it is never an allow and never removes a denial.</summary>
internal sealed class Approval(IReadOnlyList<Reason> reasons, string? id = null)
{
    /// <summary>The id of the request that a person answered.</summary>
    internal string? Id => id;

    internal bool Covers(Reason reason)
    {
        foreach (var approved in reasons)
        {
            if (string.Equals(approved.Rule, reason.Rule, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
