namespace LangGuard;

/// <summary>Implemented by every exception that reports a denial.</summary>
public interface IAccessDenied
{
    /// <summary>The decision, with its rule and reason.</summary>
    Decision Decision { get; }

    /// <summary>The id under which a person can approve the operation, when the decision is to ask; otherwise null.</summary>
    string? ApprovalRequestId { get; }
}
