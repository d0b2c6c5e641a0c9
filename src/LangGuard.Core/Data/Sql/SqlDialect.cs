namespace LangGuard.Data;

/// <summary>The languages that the statement inspector knows.</summary>
internal enum SqlDialect
{
    Sqlite = 0,
    PostgreSql,
}
