namespace LangGuard.EntityFrameworkCore;

/// <summary>Why a context's command is denied although the policy allows it.</summary>
internal static class EntityFrameworkReasons
{
    internal static readonly Reason Transaction = new(
        "database.no-transaction", "A change needs a transaction, so that it can be taken back.", Retry.No,
        "context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Always");
}
