using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LangGuard.Testing.Conformance;

/// <summary>Reads what a line of a corpus says, ill-formed text included: half a surrogate pair is an attack, and no error of
/// the corpus.</summary>
internal static class CaseText
{
    /// <summary>The text of a property; null when it has none.</summary>
    public static string? Of(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Of(value) : null;

    /// <summary>The text of a value; a number as it is written, null for null.</summary>
    public static string? Of(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : value.GetRawText();
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return Unescape(value.GetRawText().AsSpan()[1..^1]);
        }
    }

    /// <summary>Whether a property is there and not null.</summary>
    public static bool Has(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The elements of a list; none when it is absent.</summary>
    public static IEnumerable<JsonElement> List(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    /// <summary>The properties of an object; none when it is absent.</summary>
    public static IEnumerable<JsonProperty> Object(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : [];

    /// <summary>Whether a property is there and true.</summary>
    public static bool IsTrue(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string Unescape(ReadOnlySpan<char> raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            var kind = raw[++i];
            if (kind == 'u')
            {
                text.Append((char)ushort.Parse(raw.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(kind switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => kind });
            }
        }

        return text.ToString();
    }
}
