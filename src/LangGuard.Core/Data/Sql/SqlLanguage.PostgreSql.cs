namespace LangGuard.Data;

/// <summary>The dialect of PostgreSQL.</summary>
internal sealed partial class SqlLanguage
{
    internal static SqlLanguage PostgreSql { get; } = new(
        SqlDialect.PostgreSql,
        SqlFunctionList.Read("postgresql"),
        "bool boolean smallint int int2 int4 int8 integer bigint real float float4 float8 numeric decimal dec money char "
        + "character varchar bpchar text name bytea date time timetz timestamp timestamptz interval uuid json jsonb jsonpath "
        + "xml inet cidr macaddr macaddr8 bit varbit point line lseg box path polygon circle tsvector tsquery int4range "
        + "int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange "
        + "tstzmultirange datemultirange nchar oid",
        "ctid xmin xmax cmin cmax tableoid",
        [
            SqlKeyword.All, SqlKeyword.Analyse, SqlKeyword.Analyze, SqlKeyword.And, SqlKeyword.Any, SqlKeyword.Array,
            SqlKeyword.As, SqlKeyword.Asc, SqlKeyword.Asymmetric, SqlKeyword.Both, SqlKeyword.Case, SqlKeyword.Cast,
            SqlKeyword.Check, SqlKeyword.Collate, SqlKeyword.Column, SqlKeyword.Constraint, SqlKeyword.Create,
            SqlKeyword.CurrentCatalog, SqlKeyword.CurrentDate, SqlKeyword.CurrentRole, SqlKeyword.CurrentTime,
            SqlKeyword.CurrentTimestamp, SqlKeyword.CurrentUser, SqlKeyword.Default, SqlKeyword.Deferrable,
            SqlKeyword.Desc, SqlKeyword.Distinct, SqlKeyword.Do, SqlKeyword.Else, SqlKeyword.End, SqlKeyword.Except,
            SqlKeyword.False, SqlKeyword.Fetch, SqlKeyword.For, SqlKeyword.Foreign, SqlKeyword.From, SqlKeyword.Grant,
            SqlKeyword.Group, SqlKeyword.Having, SqlKeyword.In, SqlKeyword.Initially, SqlKeyword.Intersect, SqlKeyword.Into,
            SqlKeyword.Lateral, SqlKeyword.Leading, SqlKeyword.Limit, SqlKeyword.Localtime, SqlKeyword.Localtimestamp,
            SqlKeyword.Not, SqlKeyword.Null, SqlKeyword.Offset, SqlKeyword.On, SqlKeyword.Only, SqlKeyword.Or,
            SqlKeyword.Order, SqlKeyword.Placing, SqlKeyword.Primary, SqlKeyword.References, SqlKeyword.Returning,
            SqlKeyword.Select, SqlKeyword.SessionUser, SqlKeyword.Some, SqlKeyword.Symmetric, SqlKeyword.Table,
            SqlKeyword.Then, SqlKeyword.To, SqlKeyword.Trailing, SqlKeyword.True, SqlKeyword.Union, SqlKeyword.Unique,
            SqlKeyword.User, SqlKeyword.Using, SqlKeyword.Variadic, SqlKeyword.When, SqlKeyword.Where, SqlKeyword.Window,
            SqlKeyword.With, SqlKeyword.Authorization, SqlKeyword.Binary, SqlKeyword.Collation, SqlKeyword.Concurrently,
            SqlKeyword.Cross, SqlKeyword.CurrentSchema, SqlKeyword.Freeze, SqlKeyword.Full, SqlKeyword.Ilike,
            SqlKeyword.Inner, SqlKeyword.Is, SqlKeyword.Isnull, SqlKeyword.Join, SqlKeyword.Left, SqlKeyword.Like,
            SqlKeyword.Natural, SqlKeyword.Notnull, SqlKeyword.Outer, SqlKeyword.Overlaps, SqlKeyword.Right,
            SqlKeyword.Similar, SqlKeyword.Tablesample, SqlKeyword.Verbose,
        ])
    {
        MaxNameBytes = 63,
        NestsComments = true,
        ReturnEndsComment = true,
        HasPostgresLiterals = true,
    };
}
