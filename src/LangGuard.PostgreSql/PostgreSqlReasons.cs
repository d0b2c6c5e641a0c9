namespace LangGuard.PostgreSql;

/// <summary>Why this engine denies what the policy allows.</summary>
internal static class PostgreSqlReasons
{
    internal static readonly Reason ExcessRights = new(
        "database.excess-rights", "The login of the database can do more than the policy grants, so nothing was run.");
}
