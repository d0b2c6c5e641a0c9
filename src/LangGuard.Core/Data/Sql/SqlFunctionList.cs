using System.Collections.Frozen;

namespace LangGuard.Data;

/// <summary>The built-in functions of one dialect that read nothing but their arguments and change nothing.</summary>
/// <remarks>The lists are data files beside this class. Each begins with the query that made it; a line is a name, and
/// behind it the columns that the function has in FROM.</remarks>
internal sealed class SqlFunctionList
{
    private readonly FrozenDictionary<string, string[]?>.AlternateLookup<ReadOnlySpan<char>> _functions;

    private SqlFunctionList(Dictionary<string, string[]?> functions) =>
        _functions = functions.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    internal bool Contains(ReadOnlySpan<char> name) => _functions.ContainsKey(name);

    internal string[]? ColumnsOf(ReadOnlySpan<char> name) => _functions.TryGetValue(name, out var columns) ? columns : null;

    internal static SqlFunctionList Read(string dialect)
    {
        var name = $"LangGuard.Data.Sql.Functions.{dialect}.txt";
        using var stream = typeof(SqlFunctionList).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing.");
        using var reader = new StreamReader(stream);
        var functions = new Dictionary<string, string[]?>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var space = line.IndexOf(' ', StringComparison.Ordinal);
            functions.Add(space < 0 ? line : line[..space], space < 0 ? null : line[(space + 1)..].Split(','));
        }

        return new SqlFunctionList(functions);
    }
}
