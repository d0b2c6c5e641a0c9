namespace LangGuard.Permissions;

/// <summary>Why statements are denied.</summary>
internal static class DatabaseReasons
{
    internal static readonly Reason NotGranted = new(
        "database.not-granted", "This database is not granted.", Retry.No,
        "LimitPermissions(allow => allow.Database(\"{resource}\", ...))");

    internal static readonly Reason Statement = new(
        "database.statement", "The text is not one statement that can be inspected.", Retry.ChangeArguments);

    internal static readonly Reason Table = new(
        "database.table", "The statement uses a table that is not granted for this.", Retry.ChangeArguments,
        "Database(..., db => db.Select(...)), or Insert, Update, Delete");

    internal static readonly Reason Column = new(
        "database.column", "The statement uses a column that is denied.", Retry.ChangeArguments);

    internal static readonly Reason MissingColumn = new(
        "database.policy-column", "The policy names a column that the table does not have, so the table is not used.");

    internal static readonly Reason NoRowValue = new(
        "database.row-value", "The table is confined to rows of a tenant, user or claim that this session does not have.");

    internal static readonly Reason RowScope = new(
        "database.row-scope", "A new row is not among those that this session may use; nothing was changed.",
        Retry.ChangeArguments);

    internal static readonly Reason Function = new(
        "database.function", "The statement calls a function that is not granted.", Retry.ChangeArguments,
        "Database(..., db => db.Functions(...))");

    internal static readonly Reason NoWhere = new(
        "database.no-where", "UPDATE and DELETE need a WHERE that looks at a column.", Retry.ChangeArguments,
        "Database(..., db => db.Limit(limits => limits.UnguardedWithoutWhere = true))");

    internal static readonly Reason Locks = new(
        "database.locks", "The statement locks rows.", Retry.ChangeArguments);

    internal static readonly Reason EngineRefused = new(
        "database.engine-refused", "The engine refused what the statement does.", Retry.ChangeArguments);

    internal static readonly Reason SideEffect = new(
        "database.side-effect",
        "A trigger or a foreign key would change rows that are not granted; nothing was changed.",
        Retry.ChangeArguments, "Database(..., db => db.SideEffects(...)), or the verb on that table without a row filter");

    internal static readonly Reason Drift = new(
        "database.drift", "The rows are not the ones that were previewed; nothing was changed. Preview again.",
        Retry.ChangeArguments);

    internal static readonly Reason Migration = new(
        "database.migration", "A person has to approve a change of the schema.", Retry.AskUser);

    internal static readonly Reason UnknownMigration = new(
        "database.unknown-migration", "There is no migration of this name.", Retry.ChangeArguments,
        "Database(..., db => db.Migration(...))");

    internal static readonly Reason NoUndo = new(
        "database.no-undo", "This change could not be undone, so it was not made.", Retry.ChangeArguments,
        "Database(..., db => db.KeepUndo(undo => undo.UnguardedWithoutUndo = true))");

    internal static readonly Reason UndoFull = new(
        "database.undo-full", "There is no room to keep what this would change, so it was not made.", Retry.No,
        "Database(..., db => db.KeepUndo(undo => undo.MaxBytes = ...))");

    internal static readonly Reason NoPreview = new(
        "database.no-preview",
        "Only one INSERT, UPDATE or DELETE can be previewed, on a table with a primary key that the change leaves as it is.",
        Retry.ChangeArguments);

    internal static readonly Reason Token = new(
        "database.token", "The token is unknown, used, expired or of another session. Preview again.", Retry.ChangeArguments);

    internal static readonly Reason AffectedRows = new(
        "database.affected-rows", "The statement would change more rows than are allowed; nothing was changed.",
        Retry.ChangeArguments, "Database(..., db => db.Limit(limits => limits.MaxAffectedRows = ...))");

    internal static readonly Reason RowLimit = new(
        "database.row-limit", "The result has more rows than are allowed. Ask for fewer.", Retry.ChangeArguments,
        "Database(..., db => db.Limit(limits => limits.MaxRows = ...))");

    internal static readonly Reason ByteLimit = new(
        "database.byte-limit", "The result is larger than is allowed. Ask for less.", Retry.ChangeArguments,
        "Database(..., db => db.Limit(limits => limits.MaxBytes = ...))");

    internal static readonly Reason CellLimit = new(
        "database.cell-limit", "A value is larger than is allowed. Ask for a part of it.", Retry.ChangeArguments,
        "Database(..., db => db.Limit(limits => limits.MaxCellBytes = ...))");

    internal static readonly Reason Size = new(
        "database.size", "A size that the statement gives to a function is too large. Give it as a number, or as least(size, 100).",
        Retry.ChangeArguments);

    internal static readonly Reason Cost = new(
        "database.cost", "The engine would have to do more work than is allowed. Join by conditions, or ask for less.",
        Retry.ChangeArguments, "Database(..., db => db.Limit(limits => limits.MaxCost = ...))");

    internal static readonly Reason SessionStatements = new(
        "database.session-statements", "The statements of this session are used up.", Retry.No,
        "Database(..., db => db.Limit(limits => limits.SessionStatements = ...))");

    internal static readonly Reason SessionRows = new(
        "database.session-rows", "The rows of this session are used up, or do not suffice.", Retry.No,
        "Database(..., db => db.Limit(limits => limits.SessionRows = ...))");

    internal static readonly Reason TimeLimit = new(
        "database.time-limit", "The statement took longer than is allowed and was stopped.", Retry.ChangeArguments,
        "Database(..., db => db.Limit(limits => limits.Timeout = ...))");

    internal static readonly Reason Connections = new(
        "database.connections", "Too many connections are open in this session.", Retry.Later,
        "Database(..., db => db.Limit(limits => limits.MaxConnections = ...))");

    internal static readonly Reason Metadata = new(
        "database.metadata", "The result is not what was inspected: the schema has changed. Try again.", Retry.Later);

    internal static readonly Reason ExcessRights = new(
        "database.excess-rights", "The login of the database can do more than the policy grants, so nothing was run.");

    internal static readonly Reason Unsupported = new(
        "database.unsupported", "This member of the database driver is not available to an agent.");
}
