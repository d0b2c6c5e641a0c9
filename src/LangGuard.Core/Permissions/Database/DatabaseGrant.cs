using LangGuard.Data;

namespace LangGuard.Permissions;

/// <summary>The permission to run statements on one database, with its limits.</summary>
internal sealed class DatabaseGrant : Grant
{
    private readonly DatabaseScope[] _scopes;

    private readonly DatabaseLimitOptions _limits;

    internal DatabaseGrant(DatabaseOptions options, DatabaseScope scope)
        : this([scope], options.Trusted, options.Limits.Strictest(options.Limits), options.Undo.Strictest(options.Undo))
    {
    }

    private DatabaseGrant(DatabaseScope[] scopes, bool trusted, DatabaseLimitOptions limits, DatabaseUndoOptions undo)
        : base(Surface.Database, trusted)
    {
        _scopes = scopes;
        _limits = limits;
        Undo = undo;
    }

    internal int MaxRows => _limits.MaxRows;

    internal long MaxBytes => _limits.MaxBytes;

    internal long MaxCellBytes => _limits.MaxCellBytes;

    internal TimeSpan Timeout => _limits.Timeout;

    internal double? MaxCost => _limits.MaxCost;

    internal double? MaxEstimatedRows => _limits.MaxEstimatedRows;

    internal int MaxAffectedRows => _limits.MaxAffectedRows;

    internal int MaxConnections => _limits.MaxConnections;

    internal long SessionStatements => _limits.SessionStatements;

    internal TimeSpan PreviewLifetime => _limits.PreviewLifetime;

    /// <summary>Whether changes are kept. A copy: nobody changes it.</summary>
    internal DatabaseUndoOptions Undo { get; }

    internal long SessionRows => _limits.SessionRows;

    public override Grant Intersect(Grant other)
    {
        var more = (DatabaseGrant)other;
        return new DatabaseGrant(
            [.. _scopes, .. more._scopes], Trusted && more.Trusted, _limits.Strictest(more._limits),
            Undo.Strictest(more.Undo));
    }

    /// <summary>Why a statement is not what the grant is for, or null.</summary>
    internal Reason? Check(SqlFacts facts, string defaultSchema, Principal principal)
    {
        foreach (var scope in _scopes)
        {
            if (scope.Check(facts, defaultSchema, principal) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>Whether triggers and foreign keys may change a table: it is named for that, or granted without a row filter, in
    /// every scope.</summary>
    /// <param name="change">What was changed.</param>
    /// <param name="defaultSchema">The schema of names without one.</param>
    /// <param name="isListed">Whether it is named for that in every scope.</param>
    internal bool AllowsSideEffect(in TableChange change, string defaultSchema, out bool isListed)
    {
        var verbs = (change.Inserted > 0 ? DatabasePermissions.Insert : DatabasePermissions.None)
            | (change.Updated > 0 ? DatabasePermissions.Update : DatabasePermissions.None)
            | (change.Deleted > 0 ? DatabasePermissions.Delete : DatabasePermissions.None);
        isListed = true;
        foreach (var scope in _scopes)
        {
            if (!scope.AllowsSideEffect(change.Schema, change.Table, defaultSchema))
            {
                isListed = false;
                if (!scope.Allows(change.Schema, change.Table, defaultSchema, verbs)
                    || scope.HasRowFilter(change.Schema, change.Table, defaultSchema))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The columns of a table whose values the agent may see, in every scope; none where it may not read.</summary>
    internal IReadOnlyList<string> VisibleColumns(SqlTable table, string defaultSchema)
    {
        var columns = new List<string>(table.Columns);
        foreach (var scope in _scopes)
        {
            if (!scope.Allows(table.Schema, table.Name, defaultSchema, DatabasePermissions.Select))
            {
                return [];
            }

            columns.RemoveAll(column => scope.Hides(table.Schema, table.Name, defaultSchema, column));
        }

        return columns;
    }

    /// <summary>The columns of a table whose values are hidden, but not that they are there.</summary>
    internal IReadOnlyList<string> MaskedColumns(SqlTable table, string defaultSchema) =>
    [
        .. table.Columns.Where(column =>
            Array.Exists(_scopes, scope => scope.Hides(table.Schema, table.Name, defaultSchema, column))
            && !Array.Exists(_scopes, scope => scope.Denies(table.Schema, table.Name, defaultSchema, column))),
    ];

    internal bool HasRowFilter(in TableChange change, string defaultSchema)
    {
        foreach (var scope in _scopes)
        {
            if (scope.HasRowFilter(change.Schema, change.Table, defaultSchema))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What confines a statement to rows and values: the filters of every scope together.</summary>
    internal IReadOnlyList<SqlTableScope> ConfinementOf(SqlFacts facts, string defaultSchema, Principal principal)
    {
        if (!Array.Exists(_scopes, scope => scope.IsConfined))
        {
            return [];
        }

        var confined = new List<SqlTableScope>();
        foreach (var use in facts.Tables)
        {
            if (use.Table is not { } table)
            {
                continue;
            }

            var filters = new List<SqlRowFilter>();
            var masked = new List<string>();
            var hashed = new List<string>();
            foreach (var scope in _scopes)
            {
                scope.Confine(table, defaultSchema, principal, filters, masked, hashed);
            }

            if (filters.Count > 0 || masked.Count > 0 || hashed.Count > 0)
            {
                confined.Add(new SqlTableScope(table, filters, masked) { Hashed = hashed, HashKey = _scopes[0].HashKey });
            }
        }

        return confined;
    }
}
