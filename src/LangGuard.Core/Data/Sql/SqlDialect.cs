namespace LangGuard.Data;

/// <summary>The languages that the statement inspector knows.</summary>
internal enum SqlDialect
{
    Sqlite = 0,
    PostgreSql,

    /// <summary>MySQL and MariaDB, in the <c>sql_mode</c> that the guard sets.</summary>
    MySql,

    /// <summary>Transact-SQL of SQL Server.</summary>
    TSql,

    /// <summary>DuckDB.</summary>
    DuckDb,
}
