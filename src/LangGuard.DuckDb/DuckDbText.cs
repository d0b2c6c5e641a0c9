using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using LangGuard.Data;

namespace LangGuard.DuckDb;

/// <summary>The text of a statement as it runs.</summary>
internal static class DuckDbText
{
    private const string MarkName = "lg_value_";

    /// <summary>The statement alone, with a mark of our own in the place of each of its marks: the engine takes either names or
    /// numbers, the rewriter writes names.</summary>
    internal static string Marked(EngineStatement statement, List<DuckDBParameter> parameters)
    {
        if (statement.Facts is not { } facts)
        {
            return statement.Text;
        }

        var text = new StringBuilder(statement.Text.Length + 16);
        var copied = 0;
        var unnamed = 0;
        var known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var mark in facts.Parameters)
        {
            if (mark.Name.Length == 0 || !known.TryGetValue(mark.Name, out var name))
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{MarkName}{parameters.Count + 1}");
                parameters.Add(new DuckDBParameter(name, Plain(ValueOf(statement.Parameters, mark, ref unnamed))));
                known[mark.Name] = name;
            }

            text.Append(statement.Text, copied, mark.Position - copied).Append('$').Append(name);
            copied = mark.Position + mark.Length;
        }

        return text.Append(statement.Text, copied, facts.End - copied).ToString();
    }

    internal static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    internal static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>What stands behind the word EXPLAIN, or null where the text does not begin with it.</summary>
    internal static string? Explained(string text)
    {
        const string word = "EXPLAIN";
        var at = 0;
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || SkipComment(text, ref at)))
        {
            at += at < text.Length && char.IsWhiteSpace(text[at]) ? 1 : 0;
        }

        return text.AsSpan(at).StartsWith(word, StringComparison.OrdinalIgnoreCase) ? text[(at + word.Length)..] : null;
    }

    private static bool SkipComment(string text, ref int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("--", StringComparison.Ordinal))
        {
            var end = rest.IndexOfAny('\n', '\r');
            at = end < 0 ? text.Length : at + end;
            return true;
        }

        if (!rest.StartsWith("/*", StringComparison.Ordinal))
        {
            return false;
        }

        var depth = 0;
        do
        {
            var two = text.AsSpan(at);
            var step = two.StartsWith("/*", StringComparison.Ordinal) ? 1 : two.StartsWith("*/", StringComparison.Ordinal) ? -1 : 0;
            depth += step;
            at += step == 0 ? 1 : 2;
        }
        while (depth > 0 && at < text.Length);
        return true;
    }

    private static object? ValueOf(IReadOnlyList<KeyValuePair<string, object?>> parameters, SqlParameterUse mark, ref int unnamed)
    {
        if (mark.Name.Length == 0)
        {
            return unnamed < parameters.Count
                ? parameters[unnamed++].Value
                : throw new InvalidOperationException("The statement has more parameters than values.");
        }

        foreach (var parameter in parameters)
        {
            if (parameter.Key.AsSpan().TrimStart("@?$:").Equals(mark.Name, StringComparison.OrdinalIgnoreCase))
            {
                return parameter.Value;
            }
        }

        // A number stands for the parameter of that place where parameters have no names.
        return int.TryParse(mark.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= parameters.Count && parameters[number - 1].Key.Length == 0
            ? parameters[number - 1].Value
            : throw new InvalidOperationException($"The statement has no value for its parameter {mark.Sign}{mark.Name}.");
    }

    private static object Plain(object? value) => value switch
    {
        null => DBNull.Value,
        DbTypedValue typed => Plain(typed.Value),
        Enum named => Convert.ToInt64(named, CultureInfo.InvariantCulture),
        _ => value,
    };
}
