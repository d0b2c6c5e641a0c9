using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LangGuard.AI;

/// <summary>The arguments of a tool of ours: every one known, given once, of its type and in bounds.</summary>
internal sealed class ToolArguments
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    private ToolArguments()
    {
    }

    /// <summary>Reads the arguments, or says what is wrong with them.</summary>
    internal static ToolArguments? TryRead(
        ToolDefinition tool, IEnumerable<KeyValuePair<string, object?>> arguments, out string problem)
    {
        var read = new ToolArguments();
        foreach (var (name, value) in arguments)
        {
            var parameter = tool.Parameters.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.Ordinal));
            if (parameter is null)
            {
                // Not the name itself: it is the model's text, and may be another case of a known one.
                problem = $"An argument is unknown. Known: {string.Join(", ", tool.Parameters.Select(p => p.Name))}.";
                return null;
            }

            if (read._values.ContainsKey(parameter.Name))
            {
                problem = $"'{parameter.Name}' is given twice.";
                return null;
            }

            if (IsNull(value))
            {
                continue;
            }

            if (Read(parameter, value!) is not { } converted)
            {
                problem = $"'{parameter.Name}' has to be {Expected(parameter)}.";
                return null;
            }

            read._values.Add(parameter.Name, converted);
        }

        var missing = tool.Parameters.Where(p => p.IsRequired && !read._values.ContainsKey(p.Name)).Select(p => p.Name);
        problem = string.Join(", ", missing);
        if (problem.Length > 0)
        {
            problem = $"Missing: {problem}.";
            return null;
        }

        return read;
    }

    internal string Text(string name) => (string)_values[name];

    internal string? TextOrNull(string name) => _values.TryGetValue(name, out var value) ? (string)value : null;

    internal int Number(string name, int otherwise) => _values.TryGetValue(name, out var value) ? (int)value : otherwise;

    internal bool Flag(string name) => _values.TryGetValue(name, out var value) && (bool)value;

    internal IReadOnlyDictionary<string, object?> Map(string name) =>
        _values.TryGetValue(name, out var value) ? (IReadOnlyDictionary<string, object?>)value : new Dictionary<string, object?>();

    private static bool IsNull(object? value) =>
        value is null or JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined };

    private static string Expected(ToolParameter parameter) => parameter.Kind switch
    {
        ToolParameterKind.Text => $"a text of at most {parameter.MaxLength} characters",
        ToolParameterKind.Number => "a whole number, 0 or more",
        ToolParameterKind.Flag => "true or false",
        ToolParameterKind.Texts => "an object of texts, such as {\"Accept\": \"text/html\"}, each name once",
        _ => "an object of texts, numbers, flags and nulls, each name once",
    };

    private static object? Read(ToolParameter parameter, object value)
    {
        if (value is JsonNode node)
        {
            value = ToolJson.Write(writer => node.WriteTo(writer));
        }

        return parameter.Kind switch
        {
            ToolParameterKind.Text => ReadText(value, parameter),
            ToolParameterKind.Number => ReadNumber(value),
            ToolParameterKind.Flag => ReadFlag(value),
            _ => ReadMap(parameter, value),
        };
    }

    private static string? ReadText(object value, ToolParameter parameter)
    {
        var text = value switch
        {
            string plain => plain,
            JsonElement { ValueKind: JsonValueKind.String } element => TryGetString(element),
            JsonElement { ValueKind: JsonValueKind.Object or JsonValueKind.Array } element when parameter.TakesJson => element.GetRawText(),
            _ => null,
        };
        return text is not null && text.Length <= parameter.MaxLength && IsWellFormed(text) ? text : null;
    }

    /// <summary>The text where a model wrote a number or a flag as one.</summary>
    private static string? Quoted(object value) => value switch
    {
        string plain => plain,
        JsonElement { ValueKind: JsonValueKind.String } element => TryGetString(element),
        _ => null,
    };

    private static object? ReadFlag(object value) => value switch
    {
        bool flag => flag,
        JsonElement { ValueKind: JsonValueKind.True } => true,
        JsonElement { ValueKind: JsonValueKind.False } => false,
        _ => Quoted(value) switch
        {
            "true" or "True" => true,
            "false" or "False" => false,
            _ => null,
        },
    };

    private static string? TryGetString(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Escapes of half a character.
            return null;
        }
    }

    /// <summary>A text with half of a pair would be changed on its way to the resource.</summary>
    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }

    private static object? ReadNumber(object value) => value switch
    {
        int number when number >= 0 => number,
        long number and >= 0 and <= int.MaxValue => (int)number,
        double number and >= 0 and <= int.MaxValue when double.IsInteger(number) => (int)number,
        JsonElement { ValueKind: JsonValueKind.Number } element => element.TryGetDouble(out var number) ? ReadNumber(number) : null,
        _ => int.TryParse(Quoted(value), NumberStyles.None, CultureInfo.InvariantCulture, out var quoted) ? quoted : null,
    };

    private static Dictionary<string, object?>? ReadMap(ToolParameter parameter, object value)
    {
        if (value is not JsonElement { ValueKind: JsonValueKind.Object } element)
        {
            return null;
        }

        var map = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in element.EnumerateObject())
        {
            var ok = TryReadScalar(property.Value, parameter, out var scalar);
            if (!ok || map.Count >= 64 || !IsWellFormed(property.Name) || !map.TryAdd(property.Name, scalar))
            {
                return null;
            }
        }

        return map;
    }

    private static bool TryReadScalar(JsonElement element, ToolParameter parameter, out object? scalar)
    {
        scalar = null;
        if (element.ValueKind == JsonValueKind.String)
        {
            return (scalar = ReadText(element, parameter)) is not null;
        }

        if (parameter.Kind != ToolParameterKind.Scalars)
        {
            scalar = element.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
                ? ReadText(element.GetRawText(), parameter)
                : null;
            return scalar is not null;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Number when element.TryGetInt64(out var integer):
                scalar = integer;
                return true;
            case JsonValueKind.Number:
                scalar = double.Parse(element.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);
                return double.IsFinite((double)scalar);
            case JsonValueKind.True or JsonValueKind.False:
                scalar = element.GetBoolean();
                return true;
            default:
                return element.ValueKind == JsonValueKind.Null;
        }
    }
}
