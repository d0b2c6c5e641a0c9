namespace LangGuard.Data;

/// <summary>What an engine expects of a statement.</summary>
/// <param name="Cost">In the units of <see cref="Permissions.DatabaseLimitOptions.MaxCost"/>.</param>
/// <param name="Rows">Rows that it returns or changes.</param>
internal readonly record struct PlanEstimate(double Cost, double Rows);
