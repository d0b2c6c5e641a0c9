using LangGuard.Data;

namespace LangGuard.SqlServer;

/// <summary>What the login can see of a database.</summary>
/// <param name="Names">For the inspector.</param>
/// <param name="Fragile">Tables, as <c>schema.table</c>, that are not changed: a trigger or foreign key changes more rows than the
/// server counts.</param>
/// <param name="HasSnapshots">Whether a transaction can see the database as it was when it began.</param>
internal sealed record SqlServerSchema(SqlSchema Names, IReadOnlySet<string> Fragile, bool HasSnapshots);
