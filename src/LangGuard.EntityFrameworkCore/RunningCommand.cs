using System.Data;
using System.Data.Common;
using LangGuard.Data;

namespace LangGuard.EntityFrameworkCore;

/// <summary>A command that was allowed and has not ended.</summary>
internal sealed class RunningCommand(GuardedDbDataSource database, DatabaseOperation operation, Permit permit) : IResultOwner
{
    public GuardedDbDataSource Source => database;

    internal DatabaseOperation Operation => operation;

    internal Permit Permit => permit;

    public Exception? Translate(Exception exception, DatabaseOperation failed) =>
        exception is DbException ? database.Engine.Translate(exception, failed) : null;

    public void Release(CommandBehavior behavior)
    {
        // The context closes its connection itself.
    }
}
