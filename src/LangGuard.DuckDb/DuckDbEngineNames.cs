using LangGuard.Data;

namespace LangGuard.DuckDb;

/// <summary>Functions, views and schemas of DuckDB that lead to files, SQL text, settings, catalogs, logs, secrets or the session.</summary>
internal static class DuckDbEngineNames
{
    internal static readonly EngineNames All = new(
        SqlDialect.DuckDb,
        """
        add_parquet_key all_profiling_output arrow_scan arrow_scan_dumb check_peg_parser checkpoint col_description collations
        copy_database current_catalog current_connection_id current_database current_query current_query_id current_role
        current_schema current_schemas current_setting current_transaction_id current_user currval database_list database_size
        disable_checkpoint_on_shutdown disable_logging disable_object_cache disable_optimizer disable_peg_parser
        disable_print_progress_bar disable_profile disable_profiling disable_progress_bar disable_verification
        disable_verify_external disable_verify_fetch_row disable_verify_parallelism disable_verify_serializer
        duckdb_approx_database_count duckdb_columns duckdb_connection_count duckdb_constraints duckdb_coordinate_systems
        duckdb_databases duckdb_dependencies duckdb_extensions duckdb_external_file_cache duckdb_functions duckdb_indexes
        duckdb_keywords duckdb_log_contexts duckdb_logs duckdb_logs_parsed duckdb_memory duckdb_optimizers
        duckdb_prepared_statements duckdb_profiling_settings duckdb_schemas duckdb_secret_types duckdb_secrets duckdb_sequences
        duckdb_settings duckdb_table_sample duckdb_tables duckdb_temporary_files duckdb_types duckdb_variables duckdb_views
        enable_checkpoint_on_shutdown enable_logging enable_object_cache enable_optimizer enable_peg_parser
        enable_print_progress_bar enable_profile enable_profiling enable_progress_bar enable_verification extension_versions
        force_checkpoint format_pg_type format_type functions get_block_size getenv getvariable glob has_any_column_privilege
        has_column_privilege has_database_privilege has_foreign_data_wrapper_privilege has_function_privilege
        has_language_privilege has_schema_privilege has_sequence_privilege has_server_privilege has_table_privilege
        has_tablespace_privilege histogram_values icu_calendar_names import_database in_search_path inet_client_addr
        inet_client_port inet_server_addr inet_server_port json_deserialize_sql json_execute_serialized_sql json_serialize_plan
        json_serialize_sql load_aws_credentials map_to_pg_oid metadata_info nextval obj_description parquet_bloom_probe
        parquet_file_metadata parquet_full_metadata parquet_kv_metadata parquet_metadata parquet_scan parquet_schema
        parse_duckdb_log_message pg_collation_is_visible pg_conf_load_time pg_conversion_is_visible pg_function_is_visible
        pg_get_constraintdef pg_get_expr pg_get_viewdef pg_has_role pg_is_other_temp_schema pg_my_temp_schema
        pg_opclass_is_visible pg_operator_is_visible pg_opfamily_is_visible pg_postmaster_start_time pg_sleep
        pg_table_is_visible pg_timezone_names pg_ts_config_is_visible pg_ts_dict_is_visible pg_ts_parser_is_visible
        pg_ts_template_is_visible pg_type_is_visible pg_typeof platform pragma_collations pragma_database_size
        pragma_metadata_info pragma_platform pragma_rowid pragma_show pragma_storage_info pragma_table_info pragma_user_agent
        pragma_version query query_table read_blob read_csv read_csv_auto read_duckdb read_json read_json_auto read_json_objects
        read_json_objects_auto read_ndjson read_ndjson_auto read_ndjson_objects read_parquet read_text seq_scan session_user
        set_config setseed shobj_description show_databases show_tables show_tables_expanded sleep_ms sniff_csv
        sql_auto_complete stats storage_info table_info test_all_types test_vector_types truncate_duckdb_logs txid_current user
        user_agent vector_type verify_external verify_fetch_row verify_parallelism verify_serializer version which_secret
        write_log
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        relations:
        [
            "duckdb_columns", "duckdb_constraints", "duckdb_databases", "duckdb_indexes", "duckdb_logs", "duckdb_schemas", "duckdb_tables",
            "duckdb_types", "duckdb_views", "pragma_database_list", "sqlite_master", "sqlite_schema", "sqlite_temp_master",
            "sqlite_temp_schema",
        ],
        schemas: ["information_schema", "pg_catalog"]);
}
