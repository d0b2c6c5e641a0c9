using LangGuard.Permissions;

namespace LangGuard.Findings;

/// <summary>Findings about databases.</summary>
internal static class DatabaseFindings
{
    private const DatabasePermissions Changing = DatabasePermissions.Insert | DatabasePermissions.Update | DatabasePermissions.Delete;
    private const int ManyRows = 100_000;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    // Tables that by their name hold what opens other doors.
    private static readonly string[] Secret =
        ["password", "passwd", "secret", "credential", "token", "apikey", "api_key", "privatekey", "private_key", "session", "otp", "mfa"];

    internal static IEnumerable<Finding> Of(PolicyOptions options, bool hasApprover)
    {
        foreach (var (name, database) in options.LimitPermissions.Database)
        {
            var place = $"LimitPermissions:Database:{name}";
            foreach (var finding in OfLimits(database, place).Concat(database.Tables.SelectMany(table => OfTable(table.Value, table.Key, $"{place}:Tables:{table.Key}"))))
            {
                yield return finding;
            }

            if (database.Tables.Count == 0 && database.Migrations.Count == 0)
            {
                yield return new("database.nothing-granted", FindingSeverity.Warning, place,
                    "No table is granted, so every statement is denied.", "Grant tables, or remove the database.");
            }

            if (database.Trusted && database.Writes)
            {
                yield return new("database.trusted-and-writable", FindingSeverity.Error, place,
                    "What the agent writes counts as trusted when it is read.", "Trust only a database that the agent can not write.");
            }

            if (database.Writes && database.Tables.Values.Any(table => (table.Allow & DatabasePermissions.Select) != 0))
            {
                yield return new("database.reads-and-writes", FindingSeverity.Note, place,
                    "One login reads and writes: what is read can steer what is written, and the server can not tell them apart.",
                    "Give reading and writing databases of their own name, each with a login of its own.");
            }

            if (database.Writes && !database.Undo.Keep)
            {
                yield return new("database.no-undo", FindingSeverity.Note, place,
                    "Rows can be changed and nothing can bring them back.", "Set Undo:Keep.");
            }

            if (database.Migrations.Count > 0 && !hasApprover)
            {
                yield return new("database.migration-without-approver", FindingSeverity.Warning, $"{place}:Migrations",
                    "A migration always asks, and there is no approver: it is denied.", "Register an IApprover, or remove the migrations.");
            }
        }
    }

    private static IEnumerable<Finding> OfLimits(DatabaseOptions database, string place)
    {
        var limits = database.Limits;
        if (limits.MaxRows > ManyRows || limits.SessionRows > 1_000L * ManyRows)
        {
            yield return new("database.no-row-limit", FindingSeverity.Warning, $"{place}:Limits:MaxRows",
                "A query can take whole tables with it.", "Set MaxRows to what a page of results needs.");
        }

        if (limits.Timeout > Long)
        {
            yield return new("database.long-statement", FindingSeverity.Warning, $"{place}:Limits:Timeout",
                "One statement can hold the server up for minutes.", "Set a timeout of seconds.");
        }

        if (limits.MaxCost is null)
        {
            yield return new("database.no-cost-limit", FindingSeverity.Note, $"{place}:Limits:MaxCost",
                "The engine's estimate stops nothing.", "Set MaxCost.");
        }

        if (database.Writes && limits.UnguardedWithoutWhere)
        {
            yield return new("database.changes-without-where", FindingSeverity.Error, $"{place}:Limits:UnguardedWithoutWhere",
                "A change may leave out which rows it is for.", "Leave UnguardedWithoutWhere off.");
        }

        if (database.Writes && limits.MaxAffectedRows > ManyRows)
        {
            yield return new("database.changes-many-rows", FindingSeverity.Warning, $"{place}:Limits:MaxAffectedRows",
                "One statement can change a whole table.", "Set MaxAffectedRows to what one task changes.");
        }
    }

    private static IEnumerable<Finding> OfTable(DatabaseTableOptions table, string name, string place)
    {
        if ((table.Allow & (DatabasePermissions.Update | DatabasePermissions.Delete)) != 0 && table.Rows.Count == 0)
        {
            yield return new("database.changes-every-row", FindingSeverity.Warning, place,
                "Rows of every tenant and user can be changed.", "Bind the rows to the principal with Rows(...).");
        }

        if ((table.Allow & Changing) == Changing && (table.Allow & DatabasePermissions.Select) != 0)
        {
            yield return new("database.every-verb", FindingSeverity.Warning, place,
                "Every verb is granted.", "Grant the verbs that the task needs.");
        }

        if (table.Allow == DatabasePermissions.None)
        {
            yield return new("database.dead-table", FindingSeverity.Warning, place,
                "The table is listed without a verb.", "Grant a verb, or remove the table.");
        }

        if ((table.Allow & DatabasePermissions.Select) != 0 && Array.Exists(Secret, word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
            && table.DenyColumns.Count + table.MaskColumns.Count + table.HashColumns.Count == 0)
        {
            yield return new("database.secret-table", FindingSeverity.Error, place,
                "By its name the table holds secrets, and none of its columns is denied, masked or hashed.",
                "Deny or mask the columns that hold them, or take the table away.");
        }

        foreach (var column in table.DenyColumns.Where(column => table.MaskColumns.Contains(column) || table.HashColumns.Contains(column)))
        {
            yield return new("database.dead-mask", FindingSeverity.Warning, $"{place}:{column}",
                "The column is denied, so masking or hashing it has no effect.", "Keep one of the two.");
        }
    }
}
