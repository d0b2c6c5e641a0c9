namespace LangGuard.Data;

/// <summary>The dialect of DuckDB.</summary>
internal sealed partial class SqlLanguage
{
    internal static SqlLanguage DuckDb { get; } = new(
        SqlDialect.DuckDb,
        SqlFunctionList.Read("duckdb"),
        "bigint bignum binary bit bitstring blob bool boolean bpchar bytea char character date datetime dec decimal double float float4 "
        + "float8 geometry guid hugeint int int1 int128 int16 int2 int32 int4 int64 int8 integer integral interval json logical long "
        + "nchar numeric nvarchar oid real short signed smallint string text time time_ns timestamp timestamp_ms timestamp_ns "
        + "timestamp_s timestamp_us timestamptz timetz tinyint ubigint uhugeint uint128 uint16 uint32 uint64 uint8 uinteger "
        + "usmallint utinyint uuid varbinary varchar variant varint",
        "rowid",
        [],

        // Words that are no name of a table or column without quotes.
        "all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by case cast check "
        + "collate collation column columns concurrently constraint create cross default deferrable desc describe "
        + "distinct do else end except false fetch for foreign freeze from full generated glob group having ilike in "
        + "initially inner intersect into is isnull join lambda lateral leading left like limit natural not notnull null "
        + "offset on only or order outer overlaps pivot pivot_longer pivot_wider placing positional primary qualify "
        + "references returning right select semi show similar some summarize symmetric table tablesample then to "
        + "trailing true try_cast union unique unpack unpivot using variadic verbose when where window with")
    {
        FoldsQuotedNames = true,
        MaxNameBytes = 384,
        HasTextAliases = true,
        NestsComments = true,
        ReturnEndsComment = true,
        HasPostgresLiterals = true,
    };
}
