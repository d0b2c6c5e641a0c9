namespace LangGuard.Auditing;

/// <summary>A table of a database that a policy records in; opened last, when everything else is valid.</summary>
/// <param name="Name">Names it in this process.</param>
/// <param name="Open">Makes the table's access.</param>
internal sealed record AuditTablePlace(string Name, Func<IAuditTable> Open);
