namespace LangGuard.SqlServer;

/// <summary>What is asked of the server about the rights of the login that asks.</summary>
internal static class SqlServerCredentialQueries
{
    /// <summary>Fixed roles, which bring rights that no list of rights shows.</summary>
    internal const string Roles = """
        SELECT 'SERVER ROLE', r.name FROM (VALUES ('sysadmin'), ('serveradmin'), ('securityadmin'), ('setupadmin'), ('processadmin'),
          ('diskadmin'), ('dbcreator'), ('bulkadmin')) AS r(name) WHERE IS_SRVROLEMEMBER(r.name) = 1
        UNION ALL
        SELECT 'DATABASE ROLE', r.name FROM (VALUES ('db_owner'), ('db_accessadmin'), ('db_securityadmin'), ('db_ddladmin'),
          ('db_backupoperator'), ('db_datareader'), ('db_datawriter')) AS r(name) WHERE IS_ROLEMEMBER(r.name) = 1
        """;

    /// <summary>Rights on the whole server, on the whole database and on whole schemas.</summary>
    internal const string Rights = """
        SELECT permission_name, 'SERVER' FROM sys.fn_my_permissions(NULL, 'SERVER')
        UNION ALL SELECT permission_name, 'DATABASE' FROM sys.fn_my_permissions(NULL, 'DATABASE')
        UNION ALL SELECT p.permission_name, 'SCHEMA ' + s.name FROM sys.schemas AS s
          CROSS APPLY sys.fn_my_permissions(QUOTENAME(s.name), 'SCHEMA') AS p
          WHERE s.schema_id < 16384 AND s.name NOT IN ('sys', 'INFORMATION_SCHEMA', 'guest')
        """;

    /// <summary>Ways out of the database and into other logins.</summary>
    internal const string Reach = """
        SELECT 'LINKED SERVER', name, 'Drop the linked server, or map no login to it' FROM sys.servers WHERE is_linked = 1
        UNION ALL
        SELECT 'CONFIGURATION', name, 'EXEC sp_configure ''' + name + ''', 0; RECONFIGURE' FROM sys.configurations
          WHERE name IN ('xp_cmdshell', 'Ad Hoc Distributed Queries', 'Ole Automation Procedures', 'clr enabled', 'external scripts enabled')
          AND CAST(value_in_use AS int) <> 0
        UNION ALL
        SELECT 'TRUSTWORTHY', name, 'ALTER DATABASE ' + QUOTENAME(name) + ' SET TRUSTWORTHY OFF' FROM sys.databases
          WHERE database_id = DB_ID() AND is_trustworthy_on = 1
        UNION ALL
        SELECT 'CHAINING', name, 'ALTER DATABASE ' + QUOTENAME(name) + ' SET DB_CHAINING OFF' FROM sys.databases
          WHERE database_id = DB_ID() AND is_db_chaining_on = 1
        UNION ALL
        SELECT 'NO SNAPSHOTS', name, 'ALTER DATABASE ' + QUOTENAME(name) + ' SET ALLOW_SNAPSHOT_ISOLATION ON' FROM sys.databases
          WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1
        UNION ALL
        SELECT 'IMPERSONATE', p.name, 'REVOKE IMPERSONATE ON USER::' + QUOTENAME(p.name) + ' FROM ...' FROM sys.database_principals AS p
          WHERE p.type IN ('S', 'U') AND p.principal_id > 4 AND p.name <> USER_NAME()
          AND HAS_PERMS_BY_NAME(QUOTENAME(p.name), 'USER', 'IMPERSONATE') = 1
        UNION ALL
        SELECT 'SYNONYM', s.name + '.' + y.name, 'Drop the synonym: it leads to ' + y.base_object_name FROM sys.synonyms AS y
          JOIN sys.schemas AS s ON s.schema_id = y.schema_id
        """;

    /// <summary>Rights on objects and their columns. A right on every column is one on the object, as well.</summary>
    internal const string Objects = """
        SELECT s.name, o.name, COALESCE(p.subentity_name, ''), p.permission_name, o.type FROM sys.objects AS o
        JOIN sys.schemas AS s ON s.schema_id = o.schema_id
        CROSS APPLY sys.fn_my_permissions(QUOTENAME(s.name) + '.' + QUOTENAME(o.name), 'OBJECT') AS p
        WHERE o.is_ms_shipped = 0 AND o.type IN ('U', 'V', 'P', 'PC', 'FN', 'IF', 'TF', 'FS', 'FT', 'AF', 'SN', 'SO')
        AND (p.subentity_name = '' OR NOT EXISTS (
          SELECT 1 FROM sys.fn_my_permissions(QUOTENAME(s.name) + '.' + QUOTENAME(o.name), 'OBJECT') AS w
          WHERE w.subentity_name = '' AND w.permission_name = p.permission_name))
        ORDER BY s.name, o.name, p.permission_name, p.subentity_name
        """;
}
