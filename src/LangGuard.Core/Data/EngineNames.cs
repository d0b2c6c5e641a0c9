using System.Collections.Frozen;
using LangGuard.Permissions;

namespace LangGuard.Data;

/// <summary>What an engine calls its own: a second look at a statement, which shares no code with the inspector, refuses words by
/// which the engine would run or read something that lies outside of tables and their rows.</summary>
internal sealed class EngineNames
{
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _functions;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _relations;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _schemas;
    private readonly SqlDialect _dialect;

    /// <summary>Takes the names of an engine.</summary>
    /// <param name="dialect">How words are told from texts and comments.</param>
    /// <param name="functions">Functions of the engine's own that nobody is granted by default.</param>
    /// <param name="relations">Tables and views of the engine's own.</param>
    /// <param name="schemas">Schemas of the engine's own in which there is no function.</param>
    internal EngineNames(
        SqlDialect dialect, IEnumerable<string> functions, IEnumerable<string> relations, IEnumerable<string> schemas)
    {
        var language = SqlLanguage.For(dialect);
        _dialect = dialect;
        _functions = Set(functions.Where(name => !language.IsBuiltIn(name)));
        _relations = Set(relations);
        _schemas = Set(schemas);
    }

    /// <summary>Why a text is not run, or null.</summary>
    internal Reason? Check(string text, DatabaseScope scope)
    {
        var words = new SqlWords(text, _dialect);
        var isInSchema = false;
        while (words.Next())
        {
            if (words.IsUnclear)
            {
                return DatabaseReasons.Statement;
            }

            if (words.Follower is '(' or SqlWords.Anything && _functions.Contains(words.Current) && !scope.Names(words.Current))
            {
                return DatabaseReasons.Function;
            }

            if ((isInSchema || (words.Follower != '(' && _relations.Contains(words.Current))) && !scope.Names(words.Current))
            {
                return DatabaseReasons.Table;
            }

            isInSchema = words.Follower is '.' or SqlWords.Anything && _schemas.Contains(words.Current);
        }

        return null;
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(IEnumerable<string> names) =>
        names.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
