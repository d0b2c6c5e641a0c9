namespace LangGuard;

/// <summary>A file, HTTP or function operation was denied. Nothing was done.</summary>
/// <remarks>Not an <see cref="System.Net.Http.HttpRequestException"/>, so that HTTP resilience does not retry it.</remarks>
public sealed class AccessDeniedException : UnauthorizedAccessException, IAccessDenied
{
    /// <summary>Creates a denial without a rule.</summary>
    public AccessDeniedException()
        : this(Decision.Deny(Reasons.Unspecified), (string?)null)
    {
    }

    /// <summary>Creates a denial without a rule.</summary>
    /// <param name="message">The text for people.</param>
    public AccessDeniedException(string message)
        : base(message) => Decision = Decision.Deny(Reasons.Unspecified);

    /// <summary>Creates a denial without a rule.</summary>
    /// <param name="message">The text for people.</param>
    /// <param name="innerException">The cause.</param>
    public AccessDeniedException(string message, Exception innerException)
        : base(message, innerException) => Decision = Decision.Deny(Reasons.Unspecified);

    /// <summary>Creates a denial.</summary>
    /// <param name="decision">The decision that denied or asked.</param>
    /// <param name="operation">What was denied.</param>
    /// <param name="approvalRequestId">The id of the pending approval, if any.</param>
    public AccessDeniedException(Decision decision, Operation operation, string? approvalRequestId = null)
        : this(decision, operation?.ShownResource, approvalRequestId)
    {
        if (operation is not null)
        {
            operation.StoppedBy ??= decision.Reason;
        }
    }

    internal AccessDeniedException(Decision decision, string? resource, string? approvalRequestId = null)
        : base(DenialText.ForPeople(decision, resource))
    {
        Decision = decision;
        ApprovalRequestId = approvalRequestId;
    }

    /// <inheritdoc />
    public Decision Decision { get; }

    /// <inheritdoc />
    public string? ApprovalRequestId { get; }
}
