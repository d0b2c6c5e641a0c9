using System.Text.Json;
using System.Text.RegularExpressions;
using LangGuard.Permissions;

namespace LangGuard.Conformance;

/// <summary>One line of a SQL corpus.</summary>
public sealed partial class SqlCase
{
    private SqlCase(JsonElement line)
    {
        Id = line.GetProperty("id").GetString()!;
        Dialect = line.GetProperty("dialect").GetString()!;
        Schema = line.GetProperty("schema").GetString()!;
        Sql = line.GetProperty("sql").GetString()!;
        IsAllowed = line.GetProperty("expect").GetString() == "allow";
        var policy = line.GetProperty("policy");
        Policy = policy.GetRawText();
        Tables = policy.GetProperty("tables").EnumerateObject().ToDictionary(
            table => table.Name,
            table => table.Value.EnumerateArray()
                .Select(verb => Enum.Parse<DatabasePermissions>(verb.GetString()!, ignoreCase: true))
                .Aggregate(DatabasePermissions.None, (all, verb) => all | verb),
            StringComparer.Ordinal);
        DenyColumns = Texts(policy, "deny_columns");
        Functions = Texts(policy, "functions");
        IsForLimits = line.TryGetProperty("layer", out var layer) && layer.GetString() == "limits";
        TakesResources = IsForLimits || (line.TryGetProperty("effect", out var effect) && effect.GetString() == "resources");
        Writes = policy.GetProperty("mode").GetString() == "write";
    }

    public string Id { get; }

    public string Dialect { get; }

    public string Schema { get; }

    public string Sql { get; }

    public bool IsAllowed { get; }

    /// <summary>The policy as it stands in the corpus: equal texts are equal policies.</summary>
    public string Policy { get; }

    public bool Writes { get; }

    /// <summary>Whether the text may pass inspection, and a limit stops it while it runs.</summary>
    public bool IsForLimits { get; }

    /// <summary>Whether the time, steps or memory that the text takes are all that it does.</summary>
    public bool TakesResources { get; }

    internal IReadOnlyDictionary<string, DatabasePermissions> Tables { get; }

    public IReadOnlyList<string> DenyColumns { get; }

    public IReadOnlyList<string> Functions { get; }

    public static IReadOnlyList<SqlCase> Load(string file) =>
        [.. File.ReadLines(file).Where(line => line.Length > 0).Select(Parse)];

    /// <summary>The parameter marks of the text outside quotes and comments, each once, in order. The runner gives each a
    /// number.</summary>
    internal IReadOnlyList<string> Marks(string engine)
    {
        var marks = new List<string>();
        foreach (Match match in Part().Matches(Sql))
        {
            var mark = match.Groups["mark"].Value;
            if (mark.Length > 0 && (engine is "sqlite" or "mysql" || mark[0] is not '?') && (mark == "?" || !marks.Contains(mark)))
            {
                marks.Add(mark);
            }
        }

        return marks;
    }

    [GeneratedRegex(
        """
        '[^']*' | "[^"]*" | `[^`]*` | \[[^\]]*\] | --[^\n]* | /\*.*?\*/ | \$(\w*)\$.*?\$\1\$ | ::
        | (?<mark> (?<![\w@:?$]) (?: [:@][A-Za-z_]\w* | \$\w+ | \?\d* ) )
        """,
        RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Part();

    /// <summary>Whether the case holds for an engine.</summary>
    public bool IsFor(string engine) => Dialect == "any" || Dialect == engine;

    /// <summary>Says the case's policy to the fluent interface.</summary>
    internal void Apply(DatabaseBuilder database)
    {
        foreach (var (table, allow) in Tables)
        {
            _ = (allow & DatabasePermissions.Select) != 0 ? database.Select(table) : database;
            _ = Writes && (allow & DatabasePermissions.Insert) != 0 ? database.Insert(table) : database;
            _ = Writes && (allow & DatabasePermissions.Update) != 0 ? database.Update(table) : database;
            _ = Writes && (allow & DatabasePermissions.Delete) != 0 ? database.Delete(table) : database;
        }

        foreach (var column in DenyColumns)
        {
            var dot = column.LastIndexOf('.');
            database.DenyColumns(column[..dot], column[(dot + 1)..]);
        }

        database.Functions([.. Functions]).Limit(limits => limits.Timeout = TimeSpan.FromSeconds(IsForLimits ? 1 : 3));
    }

    private static SqlCase Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return new SqlCase(document.RootElement);
    }

    private static string[] Texts(JsonElement policy, string name) =>
        policy.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(value => value.GetString()!)] : [];
}
