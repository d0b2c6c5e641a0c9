namespace LangGuard.Auditing;

/// <summary>An operation that was allowed and whose end is not recorded: it may or may not have happened.</summary>
/// <param name="Session">The id of the session.</param>
/// <param name="Operation">The number of the operation in its session tree.</param>
/// <param name="Resource">The canonical resource, cut to size.</param>
public sealed record AuditIntent(string Session, long Operation, string Resource);
