namespace LangGuard.MySql;

/// <summary>One line of SHOW GRANTS.</summary>
internal sealed class MySqlGrant
{
    private MySqlGrant(IReadOnlyList<Right> rights, string on, string? schema, string? table, bool isRoutine, bool canGrant)
    {
        Rights = rights;
        On = on;
        Schema = schema;
        Table = table;
        IsRoutine = isRoutine;
        CanGrant = canGrant;
    }

    internal IReadOnlyList<Right> Rights { get; }

    /// <summary>What the rights are on, as the server spells it; empty for a role.</summary>
    internal string On { get; }

    /// <summary>The schema, or null for every one.</summary>
    internal string? Schema { get; }

    /// <summary>The table or routine, or null for every one.</summary>
    internal string? Table { get; }

    internal bool IsRoutine { get; }

    internal bool CanGrant { get; }

    /// <summary>Reads a line. What is not understood becomes a right of its own, which no policy needs.</summary>
    internal static MySqlGrant Parse(string line)
    {
        var on = Outside(line, " ON ");
        if (!line.StartsWith("GRANT ", StringComparison.Ordinal) || on < 0)
        {
            // A role, or a line of another kind.
            return line.StartsWith("SET DEFAULT ROLE", StringComparison.Ordinal)
                ? new MySqlGrant([], string.Empty, null, null, false, false)
                : new MySqlGrant([new Right(Cut(line, "GRANT "), [])], string.Empty, null, null, false, Ends(line));
        }

        var rest = line[(on + 4)..];
        var to = Outside(rest, " TO ");
        var target = to < 0 ? rest : rest[..to];
        var isRoutine = false;
        foreach (var kind in (ReadOnlySpan<string>)["FUNCTION ", "PROCEDURE ", "PACKAGE BODY ", "PACKAGE ", "TABLE "])
        {
            if (target.StartsWith(kind, StringComparison.Ordinal))
            {
                isRoutine = kind != "TABLE ";
                target = target[kind.Length..];
            }
        }

        var dot = Outside(target, ".");
        var schema = dot < 0 ? null : Name(target[..dot]);
        var table = dot < 0 ? null : Name(target[(dot + 1)..]);
        return new MySqlGrant(ReadRights(line["GRANT ".Length..on]), target, schema, table, isRoutine, to >= 0 && Ends(rest[to..]));
    }

    private static bool Ends(string text) => text.Contains("WITH GRANT OPTION", StringComparison.Ordinal)
        || text.Contains("WITH ADMIN OPTION", StringComparison.Ordinal);

    private static string Cut(string text, string start) => text.StartsWith(start, StringComparison.Ordinal) ? text[start.Length..] : text;

    private static List<Right> ReadRights(string text)
    {
        var rights = new List<Right>();
        while (text.Length > 0)
        {
            var comma = Outside(text, ",");
            var part = (comma < 0 ? text : text[..comma]).Trim();
            text = comma < 0 ? string.Empty : text[(comma + 1)..];
            var open = part.IndexOf('(', StringComparison.Ordinal);
            rights.Add(open < 0
                ? new Right(part, [])
                : new Right(part[..open].Trim(), Columns(part[(open + 1)..].TrimEnd(')'))));
        }

        return rights;
    }

    private static List<string> Columns(string text)
    {
        var columns = new List<string>();
        while (text.Length > 0)
        {
            var comma = Outside(text, ",");
            columns.Add(Name((comma < 0 ? text : text[..comma]).Trim()) ?? "*");
            text = comma < 0 ? string.Empty : text[(comma + 1)..];
        }

        return columns;
    }

    private static string? Name(string text) => text == "*" ? null
        : text is ['`', .., '`'] ? text[1..^1].Replace("``", "`", StringComparison.Ordinal)
        : text;

    /// <summary>The first place of a text outside backticks and parentheses, or -1.</summary>
    private static int Outside(string text, string searched)
    {
        var (isQuoted, depth) = (false, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (!isQuoted && depth == 0 && text.AsSpan(i).StartsWith(searched, StringComparison.Ordinal))
            {
                return i;
            }

            isQuoted ^= text[i] == '`';
            depth += isQuoted ? 0 : text[i] switch { '(' => 1, ')' => -1, _ => 0 };
        }

        return -1;
    }

    /// <summary>A right, and the columns that it is on; none for all.</summary>
    internal readonly record struct Right(string Name, IReadOnlyList<string> Columns);
}
