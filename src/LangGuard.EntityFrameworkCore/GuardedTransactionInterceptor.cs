using System.Data.Common;
using LangGuard.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LangGuard.EntityFrameworkCore;

/// <summary>Keeps what was changed from lasting when the session was frozen or ended meanwhile.</summary>
internal sealed class GuardedTransactionInterceptor(GuardedDbDataSource database) : DbTransactionInterceptor
{
    public override InterceptionResult TransactionCommitting(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        Check();
        return result;
    }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result,
        CancellationToken cancellationToken = default)
    {
        Check();
        return ValueTask.FromResult(result);
    }

    private void Check()
    {
        if (database.Session.HasEnded || database.Session.IsFrozen)
        {
            throw new DbAccessDeniedException(Decision.Deny(Reasons.SessionEnded), database.Name);
        }
    }
}
