using System.Data.Common;

namespace LangGuard.Data;

/// <summary>Compares a result with what was inspected. A migration between the two gives a star another meaning.</summary>
internal static class ResultShape
{
    /// <summary>Whether a result has the columns that the facts promise: as many, and each that a star stands for.</summary>
    internal static bool IsAsInspected(DbDataReader reader, SqlFacts facts)
    {
        if (facts.ResultColumns < 0)
        {
            return true;
        }

        if (reader.FieldCount != facts.ResultColumns)
        {
            return false;
        }

        var comparison = facts.Dialect != SqlDialect.PostgreSql ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        foreach (var column in facts.StarColumns)
        {
            var isFound = false;
            for (var i = 0; i < reader.FieldCount && !isFound; i++)
            {
                isFound = string.Equals(reader.GetName(i), column, comparison);
            }

            if (!isFound)
            {
                return false;
            }
        }

        return true;
    }
}
