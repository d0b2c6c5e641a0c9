using System.Data.Common;

namespace LangGuard;

/// <summary>A database operation was denied. Nothing was done.</summary>
public sealed class DbAccessDeniedException : DbException, IAccessDenied
{
    /// <summary>Creates a denial without a rule.</summary>
    public DbAccessDeniedException()
        : this(Decision.Deny(Reasons.Unspecified), (string?)null)
    {
    }

    /// <summary>Creates a denial without a rule.</summary>
    /// <param name="message">The text for people.</param>
    public DbAccessDeniedException(string message)
        : base(message) => Decision = Decision.Deny(Reasons.Unspecified);

    /// <summary>Creates a denial without a rule.</summary>
    /// <param name="message">The text for people.</param>
    /// <param name="innerException">The cause.</param>
    public DbAccessDeniedException(string message, Exception innerException)
        : base(message, innerException) => Decision = Decision.Deny(Reasons.Unspecified);

    /// <summary>Creates a denial.</summary>
    /// <param name="decision">The decision that denied or asked.</param>
    /// <param name="operation">What was denied.</param>
    /// <param name="approvalRequestId">The id of the pending approval, if any.</param>
    public DbAccessDeniedException(Decision decision, Operation operation, string? approvalRequestId = null)
        : this(decision, operation?.ShownResource, approvalRequestId)
    {
        if (operation is not null)
        {
            operation.StoppedBy ??= decision.Reason;
        }
    }

    internal DbAccessDeniedException(Decision decision, string? resource, string? approvalRequestId = null)
        : base(DenialText.ForPeople(decision, resource))
    {
        Decision = decision;
        ApprovalRequestId = approvalRequestId;
    }

    /// <inheritdoc />
    public Decision Decision { get; }

    /// <inheritdoc />
    public string? ApprovalRequestId { get; }

    /// <inheritdoc />
    public override bool IsTransient => false;
}
