namespace LangGuard.Data;

/// <summary>The dialect of SQL Server with QUOTED_IDENTIFIER on: the guard sets it.</summary>
internal sealed partial class SqlLanguage
{
    internal static SqlLanguage TSql { get; } = new(
        SqlDialect.TSql,
        SqlFunctionList.Read("tsql"),
        "int integer bigint smallint tinyint bit decimal numeric dec money smallmoney float real double date time datetime datetime2 "
        + "datetimeoffset smalldatetime char character varchar nchar nvarchar text ntext binary varbinary image uniqueidentifier "
        + "sql_variant sysname json",
        "identitycol rowguidcol",
        [],

        // The reserved words of the engine, and words that begin a clause or a batch although they are none.
        "add all alter and any as asc authorization backup begin between break browse bulk by cascade case check checkpoint close "
        + "clustered coalesce collate column commit compute constraint contains containstable continue convert create cross current "
        + "current_date current_time current_timestamp current_user cursor database dbcc deallocate declare default delete deny desc "
        + "disk distinct distributed double drop dump else end errlvl escape except exec execute exists exit external fetch file "
        + "fillfactor for foreign freetext freetexttable from full function go goto grant group having holdlock identity "
        + "identity_insert identitycol if in index inner insert intersect into is join key kill left like lineno load merge national "
        + "nocheck nonclustered not null nullif of off offsets on open opendatasource openquery openrowset openxml option or order "
        + "outer over percent pivot plan precision primary print proc procedure public raiserror read readtext reconfigure references "
        + "replication restore restrict return revert revoke right rollback rowcount rowguidcol rule save schema securityaudit select "
        + "semantickeyphrasetable semanticsimilaritydetailstable semanticsimilaritytable session_user set setuser shutdown some "
        + "statistics system_user table tablesample textsize then to top tran transaction trigger truncate try_convert tsequal union "
        + "unique unpivot update updatetext use user values varying view waitfor when where while window with within writetext")
    {
        FoldsQuotedNames = true,
        MaxNameBytes = 512,
        NestsComments = true,
        HasTextAliases = true,
        LooksFurther = true,
    };
}
