using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>What one dialect's lexer, keywords, types and built-in functions look like: one row of the dialect table. A further
/// dialect is a file like <c>SqlLanguage.Sqlite.cs</c>, a list of functions, and grammar parts that ask for a property here.</summary>
internal sealed partial class SqlLanguage
{
    /// <summary>The longest name in any dialect, in characters.</summary>
    internal const int MaxNameLength = 128;

    private readonly bool[] _reserved = new bool[Enum.GetValues<SqlKeyword>().Length];
    private readonly SqlFunctionList _functions;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>>? _types;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _systemColumns;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>>? _words;

    private SqlLanguage(
        SqlDialect dialect, SqlFunctionList functions, string? types, string systemColumns, ReadOnlySpan<SqlKeyword> reserved,
        string? words = null)
    {
        Dialect = dialect;
        _functions = functions;
        _types = types is null ? null : Lookup(types);
        _systemColumns = Lookup(systemColumns);
        foreach (var keyword in reserved)
        {
            _reserved[(int)keyword] = true;
        }

        _words = words is null ? null : Lookup(words);
        foreach (var word in words?.Split(' ') ?? [])
        {
            _reserved[(int)SqlKeywords.Find(word)] = true;
        }

        _reserved[(int)SqlKeyword.None] = false;
        _reserved[(int)SqlKeyword.Reserved] = true;
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

    /// <summary>Whether <c>[name]</c> is a name.</summary>
    internal bool HasBracketNames { get; private init; }

    /// <summary>Whether <c>`name`</c> is a name.</summary>
    internal bool HasBacktickNames { get; private init; }

    /// <summary>Whether a backslash in a text takes the next character with it.</summary>
    internal bool HasBackslashEscapes { get; private init; }

    /// <summary>Whether <c>"..."</c> is a text rather than a name.</summary>
    internal bool HasDoubleQuotedTexts { get; private init; }

    /// <summary>Whether <c>--</c> begins a comment only before a blank, <c>#</c> begins one too, and some comments are run.</summary>
    internal bool HasMySqlComments { get; private init; }

    /// <summary>Whether a text may give a result column its name.</summary>
    internal bool HasTextAliases { get; private init; }

    /// <summary>Whether a name that is found in a query is looked up in the queries around it, too. The engine compares
    /// names by rules that are not known exactly (case of tables, letters outside ASCII, names of HAVING): whichever column
    /// it means is then among the facts.</summary>
    internal bool LooksFurther { get; private init; }

    /// <summary>Whether <c>$tag$ ... $tag$</c>, <c>E'...'</c>, <c>U&amp;'...'</c> and <c>B'...'</c> are literals.</summary>
    internal bool HasPostgresLiterals { get; private init; }

    internal bool IsSqlite => Dialect == SqlDialect.Sqlite;

    internal bool IsPostgres => Dialect == SqlDialect.PostgreSql;

    internal bool IsMySql => Dialect == SqlDialect.MySql;

    internal bool IsTSql => Dialect == SqlDialect.TSql;

    internal bool IsDuckDb => Dialect == SqlDialect.DuckDb;

    /// <summary>Whether the grammar is that of PostgreSQL or made from it.</summary>
    internal bool IsPostgresLike => IsPostgres || IsDuckDb;

    internal static SqlLanguage For(SqlDialect dialect) => dialect switch
    {
        SqlDialect.Sqlite => Sqlite,
        SqlDialect.PostgreSql => PostgreSql,
        SqlDialect.MySql => MySql,
        SqlDialect.TSql => TSql,
        SqlDialect.DuckDb => DuckDb,
        _ => throw new ArgumentOutOfRangeException(nameof(dialect), dialect, "The dialect is not supported."),
    };

    /// <summary>Whether a keyword can not be a name without quotes.</summary>
    internal bool IsReserved(SqlKeyword keyword) => _reserved[(int)keyword];

    /// <summary>Whether a word that has no meaning in this grammar may have one for the engine.</summary>
    /// <param name="word">The word in lower case.</param>
    internal bool IsReservedWord(ReadOnlySpan<char> word) => _words is { } words && words.Contains(word);

    internal bool HasReservedWords => _words is not null;

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
