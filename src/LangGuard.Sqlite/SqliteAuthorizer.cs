using LangGuard.Data;
using LangGuard.Permissions;
using SQLitePCL;

namespace LangGuard.Sqlite;

/// <summary>The wall inside SQLite: asked for each table, column, function and kind of statement while the engine compiles,
/// and of another mind than the inspector where the two differ. No statement can remove it.</summary>
internal sealed class SqliteAuthorizer(DatabaseScope scope, DatabaseEngine engine)
{
    private const int Ok = raw.SQLITE_OK;
    private const int Deny = 1;
    private const string DefaultSchema = "main";

    // What operators and keywords are to the engine.
    private static readonly HashSet<string> Operators = new(StringComparer.OrdinalIgnoreCase)
    {
        "like", "glob", "->", "->>", "current_date", "current_time", "current_timestamp",
    };

    // Functions that reach out of the database, or into the engine: not even a view or a trigger may call them.
    private static readonly HashSet<string> DeniedFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "fsdir", "lsdir", "sqlite_dbpage", "writable_schema",
        "sqlite_log", "shell_add_schema", "eval",
    };

    private readonly HashSet<(string Table, string Column)> _links = [];
    private bool _hasSideEffects;

    // Names that the statement binds by WITH: they do not stand for views.
    private IReadOnlyList<string> _commonTables = [];

    // Whether the statement, which was inspected, names a view.
    private bool _hasViews;

    /// <summary>Whether LangGuard's own statements run: transactions and settings.</summary>
    internal bool IsOwn { get; set; }

    /// <summary>Says which statement is about to be compiled.</summary>
    internal void Announce(EngineStatement statement)
    {
        _commonTables = statement.Facts?.CommonTables ?? [];
        _hasViews = statement.Facts?.Tables.Any(use => use.Table is { IsView: true }) ?? false;
    }

    /// <summary>Says which change is about to be compiled. Only one that was inspected, so that its own tables are known, may
    /// have side effects and look at keys of other tables.</summary>
    internal void Begin(EngineStatement change)
    {
        IsOwn = change.IsOwn;
        _hasSideEffects = change.Facts is not null;
        foreach (var target in change.Facts?.Changes ?? [])
        {
            if (target.Target.Table is { } table)
            {
                _links.UnionWith(engine.Describe(table).Links);
            }
        }
    }

    internal void End()
    {
        IsOwn = false;
        _hasSideEffects = false;
        _links.Clear();
    }

    /// <summary>Collects what the engine asks about while it compiles the next statement.</summary>
    internal HashSet<(string Table, string Column)> Reported { get; } = [];

    /// <summary>Whether a read that the engine did not ask about may happen. Behind a granted view it asks for the table at least.</summary>
    internal bool AllowsHidden(string table, string column) =>
        Reported.Contains((table, column))
        || (!IsNamed(table) && Reported.Any(read => read.Table == table))
        || Read(table, column, DefaultSchema, null) == Ok;

    internal int Decide(int action, string? first, string? second, string? database, string? origin) => action switch
    {
        _ when IsOwn => Ok,
        raw.SQLITE_SELECT or raw.SQLITE_RECURSIVE => Ok,
        raw.SQLITE_READ => Report(first, second, Read(first, second, database, origin)),
        raw.SQLITE_FUNCTION => Function(second, origin),
        raw.SQLITE_INSERT => Change(first, database, DatabasePermissions.Insert),
        raw.SQLITE_UPDATE => second is not null && IsDenied(first, second) ? Deny : Change(first, database, DatabasePermissions.Update),
        raw.SQLITE_DELETE => Change(first, database, DatabasePermissions.Delete),
        _ => Deny,
    };

    /// <summary>A statement may call what reads nothing but its arguments, and what the policy names. The database's own views,
    /// triggers and defaults may call more; a name bound by WITH is none of them.</summary>
    private int Function(string? name, string? origin)
    {
        if (name is null || DeniedFunctions.Contains(name))
        {
            return Deny;
        }

        if (SqlLanguage.Sqlite.IsBuiltIn(SqlNames.Fold(name)) || Operators.Contains(name) || scope.AllowsFunction(name)
            || string.Equals(name, SqlRewriter.HashFunction, StringComparison.Ordinal))
        {
            return Ok;
        }

        return _hasSideEffects || (origin is not null && IsView(origin)) ? Ok : Deny;
    }

    private bool IsView(string origin) =>
        engine.Schema.Find(default, SqlNames.Fold(origin)) is { IsView: true }
        && !_commonTables.Contains(origin, StringComparer.OrdinalIgnoreCase);

    private int Report(string? table, string? column, int answer)
    {
        if (answer == Ok && table is not null)
        {
            Reported.Add((SqlNames.Fold(table), SqlNames.Fold(column ?? string.Empty)));
        }

        return answer;
    }

    private bool IsNamed(string table) =>
        IsGranted(table, DatabasePermissions.Select) || IsGranted(table, DatabasePermissions.Update) || IsGranted(table, DatabasePermissions.Delete);

    private int Read(string? table, string? column, string? database, string? origin)
    {
        if (table is null || (IsInternal(table) && !IsListedCatalog(table)) || (database is not (null or DefaultSchema) && database.Length > 0))
        {
            return Deny;
        }

        if (IsNamed(table))
        {
            return column is { Length: > 0 } && IsDenied(table, column) ? Deny : Ok;
        }

        if (IsInternal(table))
        {
            return Ok;
        }

        // Foreign keys are kept by the engine itself, which looks at both ends.
        if (_links.Count > 0 && column is not null && _links.Contains((SqlNames.Fold(table), SqlNames.Fold(column))))
        {
            return Ok;
        }

        // A trigger of a table that it changes may look at what it works on.
        if (_hasSideEffects && scope.AllowsSideEffect(DefaultSchema, table, DefaultSchema))
        {
            return Ok;
        }

        // Where only the number of rows counts, the engine does not say through which view it reads a table.
        if (_hasViews && string.IsNullOrEmpty(column))
        {
            return Ok;
        }

        // A recursive query reads itself by the name that it binds. A name that no table has stands for nothing else.
        if (!Exists(table))
        {
            return Ok;
        }

        // The tables behind a granted view. A common table of that name would lie about where a read comes from.
        return origin is not null && IsGranted(origin, DatabasePermissions.Select) && IsView(origin) ? Ok : Deny;
    }

    private int Change(string? table, string? database, DatabasePermissions permission) =>
        table is not null && !IsInternal(table) && database is null or DefaultSchema
        && (IsGranted(table!, permission)
            || (_hasSideEffects && scope.AllowsSideEffect(DefaultSchema, table!, DefaultSchema))) ? Ok : Deny;

    private bool Exists(string table)
    {
        var name = SqlNames.Fold(table);
        return engine.Schema.Find(default, name) is not null || engine.Refresh().Find(default, name) is not null;
    }

    private bool IsGranted(string table, DatabasePermissions permission) =>
        scope.Allows(DefaultSchema, table, DefaultSchema, permission);

    private bool IsDenied(string? table, string column) =>
        table is not null && scope.Denies(DefaultSchema, table, DefaultSchema, column);

    /// <summary>Whether the policy names the catalog itself. It has two names, and the engine tells only the older.</summary>
    private bool IsListedCatalog(string table) =>
        IsGranted(table, DatabasePermissions.Select)
        || (string.Equals(table, "sqlite_master", StringComparison.OrdinalIgnoreCase)
            && IsGranted("sqlite_schema", DatabasePermissions.Select));

    private static bool IsInternal(string table) => table.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase);
}
