using LangGuard.Data;

namespace LangGuard.MySql;

/// <summary>Functions and schemas of MySQL and MariaDB that lead to files, locks, time, keys, the session or other people's data.</summary>
internal static class MySqlEngineNames
{
    internal static readonly EngineNames All = new(
        SqlDialect.MySql,
        """
        benchmark binlog_gtid_pos can_access_column can_access_database can_access_resource_group can_access_table
        can_access_user can_access_view column_check column_exists column_json column_list compress connection_id current_role
        current_user database decode decode_histogram des_decrypt des_encrypt encode encrypt extractvalue found_rows get_lock
        gtid_subset gtid_subtract icu_version is_free_lock is_used_lock is_visible_dd_object last_insert_id lastval load_file
        master_gtid_wait master_pos_wait name_const nextval old_password password ps_current_thread_id ps_thread_id random_bytes
        release_all_locks release_lock roles_graphml row_count schema schemas session_user setval sleep source_pos_wait
        statement_digest statement_digest_text sys_guid system_user uncompress updatexml user uuid_short
        validate_password_strength version wait_for_executed_gtid_set wait_until_sql_thread_after_gtids wsrep_last_seen_gtid
        wsrep_last_written_gtid wsrep_sync_wait_upto_gtid
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        relations: [],
        schemas: ["information_schema", "performance_schema"]);
}
