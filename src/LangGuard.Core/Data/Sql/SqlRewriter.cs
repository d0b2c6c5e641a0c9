using System.Text;

namespace LangGuard.Data;

/// <summary>Confines a statement to some rows and values of its tables.</summary>
/// <remarks>
/// A table that is read becomes a query that the optimiser does not merge with the rest: the statement's own conditions see
/// only rows that passed, so that neither an error nor the time taken tells of others. The condition of a change runs inside
/// CASE for the same reason.
/// </remarks>
internal sealed partial class SqlRewriter
{
    /// <summary>How the names of the guard's own parameters begin.</summary>
    internal const string Prefix = "lg_scope_";

    /// <summary>The function that an engine without hashes gets from the guard: value and key.</summary>
    internal const string HashFunction = "lg_keyed_hash";

    private readonly string _sql;
    private readonly SqlFacts _facts;
    private readonly IReadOnlyList<SqlTableScope> _scopes;
    private readonly List<Edit> _edits = [];
    private readonly List<SqlScopeParameter> _parameters = [];
    private SqlRefusal? _refusal;
    private bool _hasScopeColumn;
    private bool _writesValues;

    private SqlRewriter(string sql, SqlFacts facts, IReadOnlyList<SqlTableScope> scopes)
    {
        _sql = sql;
        _facts = facts;
        _scopes = scopes;
    }

    private bool IsSqlite => _facts.Dialect == SqlDialect.Sqlite;

    private bool IsMySql => _facts.Dialect == SqlDialect.MySql;

    private bool IsTSql => _facts.Dialect == SqlDialect.TSql;

    private bool IsDuckDb => _facts.Dialect == SqlDialect.DuckDb;

    /// <summary>Rewrites a statement.</summary>
    /// <param name="sql">The text that was inspected.</param>
    /// <param name="facts">What was found in it.</param>
    /// <param name="scopes">The tables that are confined; others stay as they are.</param>
    internal static SqlRewrite Rewrite(string sql, SqlFacts facts, IReadOnlyList<SqlTableScope> scopes)
    {
        ArgumentNullException.ThrowIfNull(sql);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(scopes);
        return new SqlRewriter(sql, facts, scopes).Run();
    }

    private SqlRewrite Run()
    {
        foreach (var parameter in _facts.Parameters)
        {
            // A parameter of the caller must not take the place of the principal's value.
            if (parameter.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                return Refuse(parameter.Position, "another name", "The name of the parameter is reserved.");
            }
        }

        foreach (var reference in _facts.References)
        {
            if (reference.Role == SqlUse.Select && Find(reference.Use) is { } scope)
            {
                Replace(reference, scope);
            }
        }

        foreach (var change in _facts.Changes)
        {
            if (Find(change.Target) is { } scope)
            {
                Confine(change, scope);
            }
        }

        if (IsDuckDb)
        {
            CheckDuckDb();
        }

        return _refusal is null ? new SqlRewrite(Apply(), _parameters, _hasScopeColumn) : new SqlRewrite(_refusal);
    }

    /// <summary>The engine takes parameters by name or by number, not both; and a plan shows the values that were given for them.</summary>
    private void CheckDuckDb()
    {
        if (_parameters.Count == 0)
        {
            return;
        }

        if (_facts.Kind == SqlStatementKind.Explain)
        {
            Refuse(0, "the query itself", "A plan tells about rows that are out of scope.");
        }

        foreach (var parameter in _facts.Parameters)
        {
            if (parameter.Name.Length == 0 || char.IsAsciiDigit(parameter.Name[0]))
            {
                Refuse(parameter.Position, "a parameter with a name, such as $id", "Parameters need names here.");
            }
        }
    }

    private SqlRewrite Refuse(int position, string expected, string message)
    {
        _refusal ??= new SqlRefusal(position, expected, message);
        return new SqlRewrite(_refusal);
    }

    private SqlTableScope? Find(SqlTableUse use)
    {
        foreach (var scope in _scopes)
        {
            // By name: a scope may have been made from another snapshot.
            if (use.Table is { } table
                && string.Equals(scope.Table.Name, table.Name, StringComparison.Ordinal)
                && string.Equals(scope.Table.Schema, table.Schema, StringComparison.Ordinal))
            {
                return scope;
            }
        }

        return null;
    }

    private void Replace(in SqlTableReference reference, SqlTableScope scope)
    {
        if (reference.Obstacle is not null)
        {
            Refuse(reference.Position, "a plain table name", reference.Obstacle);
            return;
        }

        if (reference.Use.UsesSystemColumns)
        {
            Refuse(reference.Position, "the columns of the table", "Row ids and row versions can not be used here.");
            return;
        }

        var text = new StringBuilder(IsTSql ? "(SELECT TOP (9223372036854775807) " : "(SELECT ");
        for (var i = 0; i < scope.Table.Columns.Count; i++)
        {
            var column = scope.Table.Columns[i];
            text.Append(i == 0 ? string.Empty : ", ");
            if (scope.Masked.Contains(column))
            {
                text.Append(IsSqlite || IsDuckDb ? "NULL AS " : IsMySql ? "CAST(NULL AS char) AS " : IsTSql ? "CAST(NULL AS nvarchar(4000)) AS " : "CAST(NULL AS text) AS ");
            }
            else if (scope.Hashed.Contains(column))
            {
                AppendHash(text, column, scope.HashKey);
                continue;
            }

            AppendName(text, column);
        }

        text.Append(" FROM ");
        AppendName(text, scope.Table.Schema);
        text.Append('.');
        AppendName(text, scope.Table.Name);
        if (scope.Filters.Count > 0)
        {
            text.Append(" WHERE ");
            AppendFilters(text, scope, qualifier: null);
        }

        // The barrier: no engine moves conditions into a query that has one. That of SQL Server is TOP.
        text.Append(IsTSql ? ")" : IsSqlite ? " LIMIT -1 OFFSET 0)" : IsMySql ? " LIMIT 18446744073709551615 OFFSET 0)" : " OFFSET 0)");
        if (reference.AliasText.Length == 0)
        {
            text.Append(" AS ");
            AppendName(text, reference.Alias);
        }
        else
        {
            text.Append(reference.AliasText);
        }

        _edits.Add(new Edit(reference.Position, reference.End, text.ToString()));
    }

    private void Confine(in SqlChange change, SqlTableScope scope)
    {
        foreach (var column in scope.Masked.Concat(scope.Hashed))
        {
            if (scope.Table.IndexOf(column) is var index and >= 0 && (change.Target.ColumnUse(index) & SqlUse.Select) != 0)
            {
                Refuse(change.End, "other columns", "A masked column of the changed table can not be read here.");
                return;
            }
        }

        if (scope.Filters.Count == 0)
        {
            return;
        }

        if (change.Target.UsesSystemColumns)
        {
            Refuse(change.End, "the columns of the table", "Row ids and row versions can not be used here.");
        }

        if (change.Replaces)
        {
            Refuse(change.End, "INSERT or UPDATE", "REPLACE may remove rows that are out of scope.");
        }

        foreach (var filter in scope.Filters)
        {
            if (scope.Table.IndexOf(filter.Column) is var index and >= 0
                && (change.Target.ColumnUse(index) & SqlUse.Update) != 0)
            {
                Refuse(change.End, "other columns", "The column that says whose row it is can not be changed.");
            }
        }

        if (change.Kind == SqlStatementKind.Insert)
        {
            ConfineInsert(change, scope);
        }
        else
        {
            ConfineWhere(change.WherePosition, change.WhereEnd, change.Alias, scope);
        }
    }

    private void ConfineInsert(in SqlChange change, SqlTableScope scope)
    {
        if (_facts.Kind != SqlStatementKind.Insert)
        {
            Refuse(change.End, "INSERT alone", "INSERT inside WITH can not be used here.");
            return;
        }

        // DuckDB takes no parameters behind RETURNING.
        _writesValues = IsDuckDb;
        if (change.ConflictWhereEnd >= 0)
        {
            ConfineWhere(change.ConflictWherePosition, change.ConflictWhereEnd, change.Alias, scope);
        }

        var text = new StringBuilder(change.ReturningEnd >= 0 ? ", (" : IsTSql ? " OUTPUT (" : " RETURNING (");
        if (IsTSql)
        {
            text.Append("CASE WHEN ");
            AppendFilters(text, scope, "inserted");
            text.Append(" THEN 1 ELSE 0 END");
        }
        else
        {
            AppendFilters(text, scope, qualifier: null);
        }

        text.Append(") AS ").Append(SqlRewrite.ScopeColumn);
        var at = change.ReturningEnd < 0 ? change.End : change.ReturningEnd;
        _edits.Add(new Edit(at, at, text.ToString()));
        _hasScopeColumn = true;
    }

    private void ConfineWhere(int position, int end, string alias, SqlTableScope scope)
    {
        var filters = new StringBuilder();
        AppendFilters(filters, scope, alias);
        if (position < 0)
        {
            _edits.Add(new Edit(end, end, $" WHERE {filters}"));
            return;
        }

        // The line breaks keep a comment at the end of the condition from swallowing what follows.
        if (IsTSql)
        {
            _edits.Add(new Edit(position, position, $"{filters} AND 1 = CASE WHEN {filters} THEN CASE WHEN (\n"));
            _edits.Add(new Edit(end, end, "\n) THEN 1 ELSE 0 END ELSE 0 END"));
            return;
        }

        _edits.Add(new Edit(position, position, $"{filters} AND CASE WHEN {filters} THEN (\n"));
        _edits.Add(new Edit(end, end, IsSqlite ? "\n) ELSE 0 END" : "\n) ELSE FALSE END"));
    }

    private string Apply()
    {
        if (_edits.Count == 0)
        {
            return _sql;
        }

        var text = new StringBuilder(_sql.Length + (_edits.Count * 64));
        var at = 0;
        foreach (var edit in _edits.OrderBy(edit => edit.Start))
        {
            text.Append(_sql, at, edit.Start - at).Append(edit.Text);
            at = edit.End;
        }

        return text.Append(_sql, at, _sql.Length - at).ToString();
    }

    private readonly record struct Edit(int Start, int End, string Text);
}
