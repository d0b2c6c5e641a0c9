namespace AspNetCoreHost.Chat;

/// <summary>What an approver says.</summary>
/// <param name="Approve">Whether it may happen.</param>
internal sealed record ApprovalAnswer(bool Approve);
