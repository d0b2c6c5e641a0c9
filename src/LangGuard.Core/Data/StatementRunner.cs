using System.Data;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LangGuard.Ablation;
using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>Inspects a statement, and runs it exactly as it was decided on.</summary>
internal static class StatementRunner
{
    /// <summary>Reads connection, text and parameters once: what is inspected here is what runs, and where, although an
    /// approval takes its time and the caller may set other ones meanwhile.</summary>
    /// <param name="connection">Where it will run.</param>
    /// <param name="text">The text.</param>
    /// <param name="given">The parameters; their values are copied.</param>
    /// <param name="seconds">How long it may run; 0 is no limit but the policy's.</param>
    internal static InspectedStatement Inspect(
        GuardedDbConnection connection, string text, GuardedDbParameterCollection given, int seconds)
    {
        var (operation, statement) = Inspect(connection.Source, text, given.Snapshot(), seconds);
        return new InspectedStatement(connection, operation, statement);
    }

    /// <summary>The same for a statement that another driver runs.</summary>
    internal static (DatabaseOperation Operation, EngineStatement Statement) Inspect(
        GuardedDbDataSource source, string text, IReadOnlyList<KeyValuePair<string, object?>> parameters, int seconds,
        string? precondition = null, int? previewedRows = null)
    {
        foreach (var (name, _) in parameters)
        {
            // Else a value of the caller's could take the place of the principal's.
            if (name.AsSpan().TrimStart("@:$?").StartsWith(SqlRewriter.Prefix, StringComparison.OrdinalIgnoreCase))
            {
                throw Refuse(source, text, new SqlRefusal(0, "another name", "The name of a parameter is reserved."));
            }
        }

        var schema = source.Engine.Schema;
        var inspection = source.Scope.Off.Has(Wall.SqlInspector)
            ? UninspectedStatement.Of(text, source.Engine.Dialect)
            : SqlInspector.Inspect(text, source.Engine.Dialect, schema);
        if (inspection.Facts is null && !ReferenceEquals(source.Engine.Refresh(), schema))
        {
            // The schema has changed since it was read: the text may be right after all.
            schema = source.Engine.Schema;
            inspection = SqlInspector.Inspect(text, source.Engine.Dialect, schema);
        }

        if (inspection.Facts is not { } facts)
        {
            throw Refuse(source, text, inspection.Refusal!);
        }

        var values = parameters.Count == 0
            ? string.Empty
            : string.Join('\n', parameters.Select(parameter =>
                string.Create(CultureInfo.InvariantCulture, $"{parameter.Key}={ValueText(parameter.Value)}")));
        if (precondition is not null)
        {
            values = $"{values}\n{precondition}";
        }

        var operation = new DatabaseOperation(
            source.Session.Principal, source.Name, text, facts, schema.DefaultSchema, values)
        {
            PreviewedRows = previewedRows,
            Place = source.Engine.Place,
            Blobs = parameters.Count == 0 ? [] : [.. parameters.Select(parameter => BytesOf(parameter.Value)).OfType<byte[]>()],
        };
        var limit = source.Scope.Grant.Timeout;
        var timeout = seconds > 0 && TimeSpan.FromSeconds(seconds) < limit ? TimeSpan.FromSeconds(seconds) : limit;
        return (operation, new EngineStatement(text, parameters, timeout) { Facts = facts is { IsUninspected: true } ? null : facts, Principal = source.Session.Principal });
    }

    private static DbAccessDeniedException Refuse(GuardedDbDataSource source, string text, SqlRefusal refusal)
    {
        var operation = new DatabaseOperation(source.Session.Principal, Effects.All, source.Name, text);
        var reason = new Reason(
            DatabaseReasons.Statement.Rule,
            $"{refusal.Message} At character {refusal.Position + 1}; expected {refusal.Expected}.",
            Retry.ChangeArguments);
        var answer = source.Session.Refuse(operation, reason);
        return new DbAccessDeniedException(answer.Decision, operation);
    }

    /// <summary>Runs a statement for its effect.</summary>
    /// <returns>The rows that were changed, or -1 for a query.</returns>
    internal static int Run(in InspectedStatement inspected, Permit permit, CancellationToken cancellationToken)
    {
        if (!inspected.Operation.Facts!.ChangesData)
        {
            using var reader = Query(inspected, permit, CommandBehavior.Default, cancellationToken);
            while (reader.Read())
            {
                // Rows of a query are of no interest here, but the statement runs to its end.
            }

            return -1;
        }

        var change = Change(inspected, permit, cancellationToken);
        change.Rows?.Dispose();
        return change.Affected;
    }

    /// <summary>Runs a change of rows.</summary>
    internal static EngineChange Change(in InspectedStatement inspected, Permit permit, CancellationToken cancellationToken)
    {
        var (connection, operation, inspectedStatement) = inspected;
        connection.RefuseOpenReader();
        var grant = (DatabaseGrant)permit.Grant;
        var statement = Confine(connection.Source, operation, inspectedStatement, grant);
        var change = Translated(connection, operation, () =>
        {
            StatementLimits.Check(connection, operation, statement, grant, cancellationToken);
            return ChangeRunner.Run(connection, operation, statement, grant, cancellationToken);
        });
        permit.Complete(OperationOutcome.Success(rows: change.Affected));
        return change;
    }

    /// <summary>Runs a statement for its rows.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The guarded reader owns what it reads from.")]
    internal static GuardedDbDataReader Query(
        in InspectedStatement inspected, Permit permit, CommandBehavior behavior, CancellationToken cancellationToken)
    {
        var (connection, operation, inspectedStatement) = inspected;
        try
        {
            connection.RefuseOpenReader();
            if (operation.Facts!.ChangesData)
            {
                var change = Change(inspected, permit, cancellationToken);
                return connection.Reader = new GuardedDbDataReader(
                    change.ToReader(), permit, operation, connection, behavior, change.Affected);
            }

            var grant = (DatabaseGrant)permit.Grant;
            var statement = Confine(connection.Source, operation, inspectedStatement, grant);
            permit.BeginResult();
            var inner = Translated(connection, operation, () =>
            {
                StatementLimits.Check(connection, operation, statement, grant, cancellationToken);
                return connection.Engine.Query(statement, cancellationToken);
            });
            if (!connection.Source.Scope.Off.Has(Wall.SqlResultShape) && !ResultShape.IsAsInspected(inner, operation.Facts))
            {
                inner.Dispose();
                connection.Source.Engine.Refresh();
                throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.Metadata), operation);
            }

            return connection.Reader = new GuardedDbDataReader(inner, permit, operation, connection, behavior);
        }
        catch
        {
            permit.Dispose();
            throw;
        }
    }

    /// <summary>Narrows the statement to the rows and values of the grant. Parameters of the principal come from the session,
    /// never from the caller.</summary>
    internal static EngineStatement Confine(
        GuardedDbDataSource source, DatabaseOperation operation, EngineStatement statement, DatabaseGrant grant)
    {
        // Asked again where it runs, apart from the decision.
        if (!source.Scope.Off.Has(Wall.DatabaseScope)
            && grant.Check(operation.Facts!, operation.DefaultSchema, operation.Principal) is { } outside)
        {
            throw new DbAccessDeniedException(Decision.Deny(outside), operation);
        }

        if (!source.Scope.Off.Has(Wall.SqlWords) && source.Engine.Names?.Check(statement.Text, source.Scope) is { } unfit)
        {
            throw new DbAccessDeniedException(Decision.Deny(unfit), operation);
        }

        if (grant.Timeout < statement.Timeout)
        {
            statement = statement with { Timeout = grant.Timeout };
        }

        statement = Bounded(source, operation, statement);
        var confinement = grant.ConfinementOf(operation.Facts!, operation.DefaultSchema, operation.Principal);
        if (confinement.Count == 0)
        {
            return statement;
        }

        var rewrite = SqlRewriter.Rewrite(statement.Text, statement.Facts ?? operation.Facts!, confinement);
        if (rewrite.Refusal is { } refusal)
        {
            var reason = new Reason(
                DatabaseReasons.RowScope.Rule,
                $"{refusal.Message} At character {refusal.Position + 1}; expected {refusal.Expected}.",
                Retry.ChangeArguments);
            throw new DbAccessDeniedException(Decision.Deny(reason), operation);
        }

        // Read again as it will run: the engine gets facts and places of the new text, and a text that came out wrong is refused.
        if (SqlInspector.Inspect(rewrite.Text, source.Engine.Dialect, source.Engine.Schema).Facts is not { } facts)
        {
            throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.RowScope), operation);
        }

        return statement with
        {
            Text = rewrite.Text,
            Facts = facts,
            Parameters =
            [
                .. statement.Parameters,
                .. rewrite.Parameters.Select(parameter =>
                    new KeyValuePair<string, object?>($"@{parameter.Name}", parameter.Value)),
            ],
            ChecksNewRows = rewrite.HasScopeColumn,
        };
    }

    /// <summary>Writes bounds into the text where sizes are not known yet. It is read again: nothing unbounded may be left.</summary>
    private static EngineStatement Bounded(GuardedDbDataSource source, DatabaseOperation operation, EngineStatement statement)
    {
        if (statement.Facts is not { Bounds: { Count: > 0 } bounds })
        {
            return statement;
        }

        var text = SqlBound.Apply(statement.Text, bounds);
        return SqlInspector.Inspect(text, source.Engine.Dialect, source.Engine.Schema).Facts is { Bounds.Count: 0 } facts
            ? statement with { Text = text, Facts = facts, HasBounds = true }
            : throw new DbAccessDeniedException(Decision.Deny(DatabaseReasons.Statement), operation);
    }

    internal static T Translated<T>(GuardedDbConnection connection, DatabaseOperation operation, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (Exception exception) when (connection.Engine.Translate(exception, operation) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>What an approval shows, and is bound to.</summary>
    private static byte[]? BytesOf(object? value) => value is DbTypedValue typed ? BytesOf(typed.Value) : value as byte[];

    private static string ValueText(object? value) => value switch
    {
        byte[] bytes => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
        DbTypedValue typed => ValueText(typed.Value),
        Array values => $"[{string.Join("; ", values.Cast<object?>().Select(ValueText))}]",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
