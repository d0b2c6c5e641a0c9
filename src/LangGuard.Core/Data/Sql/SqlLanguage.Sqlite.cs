namespace LangGuard.Data;

/// <summary>The dialect of SQLite.</summary>
internal sealed partial class SqlLanguage
{
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
        HasBracketNames = true,
        HasBacktickNames = true,
        HasTextAliases = true,
    };
}
