using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using LangGuard.Data;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LangGuard.EntityFrameworkCore;

/// <summary>Gives a connection that was just opened the settings that the inspector takes for granted, and the limits of
/// the policy.</summary>
internal sealed class GuardedConnectionInterceptor(GuardedDbDataSource database) : DbConnectionInterceptor
{
    public override InterceptionResult ConnectionOpening(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Check();
        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result,
        CancellationToken cancellationToken = default)
    {
        Check();
        return ValueTask.FromResult(result);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The text is the engine's own.")]
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (database.Engine.SettingsOf(database.Scope, database.Session.Principal) is { } settings)
        {
            using var command = connection.CreateCommand();
            command.CommandText = settings;
            command.ExecuteNonQuery();
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "The text is the engine's own.")]
    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (database.Engine.SettingsOf(database.Scope, database.Session.Principal) is { } settings)
        {
            var command = connection.CreateCommand();
            await using (command.ConfigureAwait(false))
            {
                command.CommandText = settings;
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Check()
    {
        if (database.Session.HasEnded)
        {
            throw new DbAccessDeniedException(Decision.Deny(Reasons.SessionEnded), database.Name);
        }
    }
}
