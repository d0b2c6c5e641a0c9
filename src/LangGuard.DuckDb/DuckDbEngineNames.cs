using LangGuard.Data;

namespace LangGuard.DuckDb;

/// <summary>Functions, views and schemas of DuckDB that lead to files, SQL text, settings, catalogs, logs, secrets or the session.</summary>
internal static class DuckDbEngineNames
{
    internal static readonly EngineNames All = new(
        SqlDialect.DuckDb,
        """
        add_parquet_key arrow_scan arrow_scan_dumb checkpoint copy_database current_connection_id current_database current_query
        current_query_id current_role current_schema current_schemas current_setting current_transaction_id current_user currval
        disable_logging duckdb_approx_database_count duckdb_columns duckdb_connection_count duckdb_constraints duckdb_coordinate_systems
        duckdb_databases duckdb_dependencies duckdb_extensions duckdb_external_file_cache duckdb_functions duckdb_indexes
        duckdb_keywords duckdb_log_contexts duckdb_logs duckdb_logs_parsed duckdb_memory duckdb_optimizers
        duckdb_prepared_statements duckdb_schemas duckdb_secret_types duckdb_secrets duckdb_sequences duckdb_settings duckdb_tables
        duckdb_table_sample duckdb_temporary_files duckdb_types duckdb_variables duckdb_views enable_logging enable_profiling
        disable_profiling force_checkpoint getenv getvariable glob has_any_column_privilege has_column_privilege
        has_database_privilege has_foreign_data_wrapper_privilege has_function_privilege has_language_privilege
        has_schema_privilege has_sequence_privilege has_server_privilege has_table_privilege has_tablespace_privilege
        icu_calendar_names in_search_path json_execute_serialized_sql json_deserialize_sql json_serialize_plan json_serialize_sql
        load_aws_credentials metadata_info nextval parquet_bloom_probe parquet_file_metadata parquet_full_metadata
        parquet_kv_metadata parquet_metadata parquet_scan parquet_schema parse_duckdb_log_message pg_timezone_names pg_typeof
        pragma_collations pragma_database_size pragma_metadata_info pragma_platform pragma_rowid pragma_show pragma_storage_info
        pragma_table_info pragma_user_agent pragma_version query query_table read_blob read_csv read_csv_auto read_duckdb read_json
        read_json_auto read_json_objects read_json_objects_auto read_ndjson read_ndjson_auto read_ndjson_objects read_parquet
        read_text seq_scan session_user set_config shobj_description sniff_csv storage_info sql_auto_complete truncate_duckdb_logs
        txid_current user version which_secret write_log
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        relations:
        [
            "duckdb_columns", "duckdb_constraints", "duckdb_databases", "duckdb_indexes", "duckdb_logs", "duckdb_schemas", "duckdb_tables",
            "duckdb_types", "duckdb_views", "pragma_database_list", "sqlite_master", "sqlite_schema", "sqlite_temp_master",
            "sqlite_temp_schema",
        ],
        schemas: ["information_schema", "pg_catalog"]);
}
