namespace LangGuard.PostgreSql;

/// <summary>What is asked of the server about the rights of the login that asks.</summary>
internal static class PostgreSqlCredentialQueries
{
    /// <summary>Rights of the login itself.</summary>
    internal const string Attributes = """
        SELECT a.name FROM pg_catalog.pg_roles AS r
        CROSS JOIN LATERAL (VALUES
            ('SUPERUSER', r.rolsuper), ('CREATEROLE', r.rolcreaterole), ('CREATEDB', r.rolcreatedb),
            ('REPLICATION', r.rolreplication), ('BYPASSRLS', r.rolbypassrls)) AS a(name, given)
        WHERE r.rolname = current_user AND a.given
        """;

    /// <summary>Roles whose rights it has or can take.</summary>
    internal const string Memberships = """
        SELECT rolname::text FROM pg_catalog.pg_roles
        WHERE rolname <> current_user AND pg_catalog.pg_has_role(current_user, oid, 'MEMBER') ORDER BY 1
        """;

    /// <summary>An owner can give itself every right, lock and drop.</summary>
    internal const string Owned = """
        SELECT c.oid::pg_catalog.regclass::text FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_roles AS r ON r.oid = c.relowner
        WHERE r.rolname = current_user AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.oid >= 16384
        UNION ALL
        SELECT 'schema ' || n.nspname FROM pg_catalog.pg_namespace AS n
        JOIN pg_catalog.pg_roles AS r ON r.oid = n.nspowner WHERE r.rolname = current_user
        UNION ALL
        SELECT 'database ' || d.datname FROM pg_catalog.pg_database AS d
        JOIN pg_catalog.pg_roles AS r ON r.oid = d.datdba WHERE r.rolname = current_user
        UNION ALL
        SELECT p.oid::pg_catalog.regprocedure::text FROM pg_catalog.pg_proc AS p
        JOIN pg_catalog.pg_roles AS r ON r.oid = p.proowner WHERE r.rolname = current_user
        ORDER BY 1
        """;

    /// <summary>Places where it can make objects.</summary>
    internal const string Creation = """
        SELECT 'CREATE', 'SCHEMA ' || nspname FROM pg_catalog.pg_namespace
        WHERE nspname !~ '^pg_(toast|temp)' AND pg_catalog.has_schema_privilege(oid, 'CREATE')
        UNION ALL
        SELECT p.name, 'DATABASE ' || pg_catalog.current_database()
        FROM (VALUES ('CREATE'), ('TEMPORARY')) AS p(name)
        WHERE pg_catalog.has_database_privilege(pg_catalog.current_database(), p.name)
        ORDER BY 1, 2
        """;

    /// <summary>Functions that run with another's rights or in a language that can do anything, those that lead to files, other
    /// servers or SQL text, and functions of the engine that not everybody may call.</summary>
    internal const string Functions = """
        SELECT p.oid::pg_catalog.regprocedure::text FROM pg_catalog.pg_proc AS p
        JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
        LEFT JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid
            AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'
        LEFT JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
        WHERE pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
        AND NOT (p.proname = 'row_value' AND p.pronamespace IN (
            SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'langguard'))
        AND ((p.oid >= 16384 AND (p.prosecdef
                OR (NOT l.lanpltrusted AND l.lanname NOT IN ('internal', 'c'))
                OR (l.lanname = 'c' AND e.extname IS NULL)
                OR e.extname IN ('dblink', 'postgres_fdw', 'file_fdw', 'adminpack', 'pg_cron', 'xml2', 'lo')))
            OR (p.oid < 16384 AND p.proname IN ('pg_read_file', 'pg_read_binary_file', 'pg_ls_dir', 'pg_stat_file',
                'pg_ls_logdir', 'pg_ls_waldir', 'lo_import', 'lo_export', 'pg_reload_conf', 'pg_rotate_logfile',
                'pg_switch_wal', 'pg_create_restore_point', 'pg_promote', 'pg_stat_reset')))
        ORDER BY 1
        """;

    /// <summary>Rights on tables, also where only some columns are granted.</summary>
    internal const string Tables = """
        SELECT n.nspname::text, c.relname::text, p.name FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER'))
            AS p(name)
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        AND (pg_catalog.has_table_privilege(c.oid, p.name)
            OR (p.name IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
                AND pg_catalog.has_any_column_privilege(c.oid, p.name)))
        ORDER BY 1, 2, 3
        """;

    /// <summary>Tables on which the server narrows the rows of this login by the guard's signed values.</summary>
    internal const string Rows = """
        SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_policy AS p
        JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_roles AS r ON r.rolname = current_user AND r.oid = ANY (p.polroles)
        WHERE c.relrowsecurity AND NOT p.polpermissive AND p.polcmd = '*'
        AND pg_catalog.pg_get_expr(p.polqual, p.polrelid) LIKE '%langguard.row_value(%'
        AND pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) LIKE '%langguard.row_value(%'
        """;

    /// <summary>Rights on single columns.</summary>
    internal const string Columns = """
        SELECT n.nspname::text, c.relname::text, a.attname::text, p.name FROM pg_catalog.pg_attribute AS a
        JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE')) AS p(name)
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND a.attnum > 0 AND NOT a.attisdropped AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        AND pg_catalog.has_column_privilege(c.oid, a.attnum, p.name)
        ORDER BY 1, 2, 3, 4
        """;
}
