using LangGuard.Data;

namespace LangGuard.MySql;

/// <summary>What the login can see of a server.</summary>
/// <param name="Names">For the inspector.</param>
/// <param name="Fragile">Tables, as <c>schema.table</c>, that are not changed: their engine takes nothing back, or a trigger
/// or foreign key changes more rows than the server counts.</param>
internal sealed record MySqlSchema(SqlSchema Names, IReadOnlySet<string> Fragile);
