using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>What one dialect's lexer, keywords, types and built-in functions look like: one row of the dialect table.</summary>
internal sealed class SqlLanguage
{
    /// <summary>The longest name in any dialect, in characters.</summary>
    internal const int MaxNameLength = 128;

    private readonly bool[] _reserved = new bool[Enum.GetValues<SqlKeyword>().Length];
    private readonly SqlFunctionList _functions;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>>? _types;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _systemColumns;

    private SqlLanguage(
        SqlDialect dialect, SqlFunctionList functions, string? types, string systemColumns, ReadOnlySpan<SqlKeyword> reserved)
    {
        Dialect = dialect;
        _functions = functions;
        _types = types is null ? null : Lookup(types);
        _systemColumns = Lookup(systemColumns);
        foreach (var keyword in reserved)
        {
            _reserved[(int)keyword] = true;
        }
    }

    internal SqlDialect Dialect { get; }

    /// <summary>Whether names in quotes lose their case, as in SQLite.</summary>
    internal bool FoldsQuotedNames { get; private init; }

    /// <summary>The longest name, in UTF-8 bytes. Some engines cut longer ones, so that two spellings mean one name.</summary>
    internal int MaxNameBytes { get; private init; }

    /// <summary>Whether <c>/*</c> inside a comment opens another.</summary>
    internal bool NestsComments { get; private init; }

    /// <summary>Whether a carriage return ends a line comment.</summary>
    internal bool ReturnEndsComment { get; private init; }

    /// <summary>Whether <c>[name]</c> and <c>`name`</c> are names.</summary>
    internal bool HasBracketAndBacktickNames { get; private init; }

    /// <summary>Whether <c>$tag$ ... $tag$</c>, <c>E'...'</c>, <c>U&amp;'...'</c> and <c>B'...'</c> are literals.</summary>
    internal bool HasPostgresLiterals { get; private init; }

    internal bool IsSqlite => Dialect == SqlDialect.Sqlite;

    internal bool IsPostgres => Dialect == SqlDialect.PostgreSql;

    internal static SqlLanguage Sqlite { get; } = new(
        SqlDialect.Sqlite,
        SqlFunctionList.Read("sqlite"),
        types: null,
        "rowid oid _rowid_",
        [
            SqlKeyword.Add, SqlKeyword.All, SqlKeyword.Alter, SqlKeyword.And, SqlKeyword.As, SqlKeyword.Asc,
            SqlKeyword.Autoincrement, SqlKeyword.Between, SqlKeyword.Case, SqlKeyword.Check, SqlKeyword.Collate,
            SqlKeyword.Commit, SqlKeyword.Constraint, SqlKeyword.Create, SqlKeyword.Cross, SqlKeyword.CurrentDate,
            SqlKeyword.CurrentTime, SqlKeyword.CurrentTimestamp, SqlKeyword.Default, SqlKeyword.Deferrable,
            SqlKeyword.Delete, SqlKeyword.Desc, SqlKeyword.Distinct, SqlKeyword.Drop, SqlKeyword.Else, SqlKeyword.End,
            SqlKeyword.Escape, SqlKeyword.Except, SqlKeyword.Exists, SqlKeyword.Foreign, SqlKeyword.From, SqlKeyword.Full,
            SqlKeyword.Group, SqlKeyword.Having, SqlKeyword.In, SqlKeyword.Index, SqlKeyword.Indexed, SqlKeyword.Inner,
            SqlKeyword.Insert, SqlKeyword.Intersect, SqlKeyword.Into, SqlKeyword.Is, SqlKeyword.Isnull, SqlKeyword.Join,
            SqlKeyword.Left, SqlKeyword.Limit, SqlKeyword.Natural, SqlKeyword.Not, SqlKeyword.Nothing, SqlKeyword.Notnull,
            SqlKeyword.Null, SqlKeyword.On, SqlKeyword.Or, SqlKeyword.Order, SqlKeyword.Outer, SqlKeyword.Primary,
            SqlKeyword.References, SqlKeyword.Returning, SqlKeyword.Right, SqlKeyword.Select, SqlKeyword.Set,
            SqlKeyword.Table, SqlKeyword.Then, SqlKeyword.To, SqlKeyword.Transaction, SqlKeyword.Union, SqlKeyword.Unique,
            SqlKeyword.Update, SqlKeyword.Using, SqlKeyword.Values, SqlKeyword.When, SqlKeyword.Where, SqlKeyword.Window,
            SqlKeyword.With, SqlKeyword.Offset, SqlKeyword.Glob, SqlKeyword.Like, SqlKeyword.Regexp, SqlKeyword.Match,
            SqlKeyword.Raise, SqlKeyword.Cast,
        ])
    {
        FoldsQuotedNames = true,
        MaxNameBytes = 128,
        HasBracketAndBacktickNames = true,
    };

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

    internal static SqlLanguage For(SqlDialect dialect) => dialect switch
    {
        SqlDialect.Sqlite => Sqlite,
        SqlDialect.PostgreSql => PostgreSql,
        _ => throw new ArgumentOutOfRangeException(nameof(dialect), dialect, "The dialect is not supported."),
    };

    /// <summary>Whether a keyword can not be a name without quotes.</summary>
    internal bool IsReserved(SqlKeyword keyword) => _reserved[(int)keyword];

    internal bool IsBuiltIn(ReadOnlySpan<char> function) => _functions.Contains(function);

    /// <summary>The columns of a built-in function in FROM, or null when it has one column of its own name.</summary>
    internal string[]? ColumnsOf(ReadOnlySpan<char> function) => _functions.ColumnsOf(function);

    /// <summary>Whether a cast to the type has no effect but on the value.</summary>
    internal bool IsPlainType(ReadOnlySpan<char> type) => _types is null || _types.Value.Contains(type);

    /// <summary>Whether every table has a column of this name that no list of columns shows.</summary>
    internal bool IsSystemColumn(ReadOnlySpan<char> column) => _systemColumns.Contains(column);

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup(string words) =>
        words.Split(' ').ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
