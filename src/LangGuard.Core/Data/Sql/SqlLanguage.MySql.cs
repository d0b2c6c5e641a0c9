namespace LangGuard.Data;

/// <summary>The dialect of MySQL and MariaDB with backslash escapes on and ANSI_QUOTES off: the guard sets both.</summary>
internal sealed partial class SqlLanguage
{
    internal static SqlLanguage MySql { get; } = new(
        SqlDialect.MySql,
        SqlFunctionList.Read("mysql"),
        "binary char character nchar varchar date datetime time year decimal dec json float double real signed unsigned int integer",
        "_rowid",
        [],

        // The reserved words of both engines, names of functions left out, and words that SELECT takes for options.
        "accessible add all alter analyze and as asc asensitive before between bigint binary blob both by call cascade case change "
        + "char character check collate column condition constraint continue convert create cross current_date current_role "
        + "current_time current_timestamp current_user cursor database databases day_hour day_microsecond day_minute day_second "
        + "dec decimal declare default delayed delete delete_domain_id desc describe deterministic distinct distinctrow div "
        + "do_domain_ids double drop dual each else elseif enclosed escaped except exists exit explain false fetch float float4 "
        + "float8 for force foreign from fulltext generated get grant group having high_priority hour_microsecond hour_minute "
        + "hour_second if ignore ignore_domain_ids in index infile inner inout insensitive insert int int1 int2 int3 int4 int8 "
        + "integer intersect interval into io_after_gtids io_before_gtids is iterate join json_table key keys kill lateral "
        + "leading leave left like limit linear lines load localtime localtimestamp lock long longblob longtext loop "
        + "low_priority manual master_bind master_heartbeat_period master_ssl_verify_server_cert match maxvalue mediumblob "
        + "mediumint mediumtext middleint minus minute_microsecond minute_second mod modifies natural no_write_to_binlog not null "
        + "numeric of offset on optimize optimizer_costs option optionally or order out outer outfile over page_checksum parallel "
        + "parse_vcol_expr partition precision primary procedure purge qualify range read read_write reads real recursive "
        + "ref_system_id references regexp release rename repeat replace require resignal restrict return returning revoke right "
        + "rlike row rows schema schemas second_microsecond select sensitive separator set show signal smallint spatial specific "
        + "sql sql_big_result sql_buffer_result sql_cache sql_calc_found_rows sql_no_cache sql_small_result sqlexception sqlstate "
        + "sqlwarning ssl starting stats_auto_recalc stats_persistent stats_sample_pages stored straight_join table tablesample "
        + "terminated then tinyblob tinyint tinytext to trailing trigger true undo union unique unlock unsigned update usage use "
        + "using utc_date utc_time utc_timestamp values varbinary varchar varcharacter varying virtual when where while window "
        + "with write xor year_month zerofill")
    {
        FoldsQuotedNames = true,
        MaxNameBytes = 192,
        HasBacktickNames = true,
        HasBackslashEscapes = true,
        HasDoubleQuotedTexts = true,
        HasMySqlComments = true,
        HasTextAliases = true,
        LooksFurther = true,
    };
}
