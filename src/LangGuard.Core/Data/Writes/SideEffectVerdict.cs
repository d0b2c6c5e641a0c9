using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>Looks at every table that a change touched before the change is made to last: triggers and foreign keys run with
/// other rights than the statement, and past row filters.</summary>
internal static class SideEffectVerdict
{
    /// <summary>Says whether what a change did may last.</summary>
    /// <param name="change">What it did.</param>
    /// <param name="facts">What the statement says that it does.</param>
    /// <param name="grant">What is granted, by every scope.</param>
    /// <param name="defaultSchema">The schema of names without one.</param>
    /// <returns>0, or the number for why not.</returns>
    internal static int Of(in EngineChange change, SqlFacts facts, DatabaseGrant grant, string defaultSchema)
    {
        long ofTargets = 0, ofOthers = 0, unknown = 0;
        foreach (var table in change.Tables)
        {
            if (table.Table.Length == 0)
            {
                unknown += table.Rows;
            }
            else if (IsTarget(table, facts))
            {
                ofTargets += table.Rows;
                if (grant.HasRowFilter(table, defaultSchema) && (facts.Changes.Count > 1 || table.Rows > change.Affected))
                {
                    // More rows than the statement chose: nobody has looked at whose they are.
                    return DatabaseEngineSession.SideEffect;
                }
            }
            else if (!grant.AllowsSideEffect(table, defaultSchema, out var isListed))
            {
                return DatabaseEngineSession.SideEffect;
            }
            else
            {
                ofOthers += isListed ? 0 : table.Rows;
            }
        }

        // Rows of an unknown table are the target's as far as the target lacks some, as one without row ids does. A view has no
        // rows of its own, and several changes are counted by their tables alone.
        var isOne = facts.Changes is [{ Target.Table.IsView: false }] && facts.Kind != SqlStatementKind.Query;
        var missing = isOne ? Math.Max(change.Affected - ofTargets, 0) : 0;
        return missing != unknown ? DatabaseEngineSession.SideEffect
            : ofTargets + unknown + ofOthers > grant.MaxAffectedRows ? -1
            : 0;
    }

    private static bool IsTarget(in TableChange table, SqlFacts facts)
    {
        foreach (var change in facts.Changes)
        {
            if (change.Target.Table is { } target
                && string.Equals(target.Name, table.Table, StringComparison.Ordinal)
                && string.Equals(target.Schema, table.Schema, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
