using System.Collections.Concurrent;

namespace LangGuard.Data;

/// <summary>What a session tree has used of its databases. One entry for each database of the policy, so bounded.</summary>
internal sealed class DatabaseBudgets
{
    private readonly ConcurrentDictionary<string, DatabaseBudget> _budgets = new(StringComparer.Ordinal);

    internal DatabaseBudget Of(string database) => _budgets.GetOrAdd(database, static _ => new DatabaseBudget());
}
