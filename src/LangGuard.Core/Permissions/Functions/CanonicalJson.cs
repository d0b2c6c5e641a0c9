using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LangGuard.Permissions;

/// <summary>Arguments as one JSON text: every representation of the same values gives the same text.</summary>
internal static class CanonicalJson
{
    private const int MaxDepth = 64;
    private const int MostKept = 16 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth + 1 };

    [ThreadStatic]
    private static Scratch? _scratch;

    /// <summary>Whether no object at any depth has a name twice or in two cases, and no text is broken.</summary>
    internal static bool IsUnambiguous(JsonElement element)
    {
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return element.ValueKind != JsonValueKind.Undefined && IsWhole(element);
        }

        var open = new Stack<(JsonElement Element, int Depth)>([(element, 0)]);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (open.TryPop(out var current))
        {
            if (current.Depth > MaxDepth)
            {
                return false;
            }

            if (current.Element.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in current.Element.EnumerateArray())
                {
                    open.Push((item, current.Depth + 1));
                }
            }
            else if (current.Element.ValueKind == JsonValueKind.Object)
            {
                names.Clear();
                foreach (var property in current.Element.EnumerateObject())
                {
                    if (NameOf(property) is not { } name || !names.Add(name))
                    {
                        return false;
                    }

                    open.Push((property.Value, current.Depth + 1));
                }
            }
            else if (!IsWhole(current.Element))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The arguments as one object.</summary>
    internal static JsonElement Write(in ArgumentValues values)
    {
        var scratch = _scratch ?? new Scratch();
        _scratch = null;
        var writer = scratch.Writer;
        writer.WriteStartObject();
        foreach (var (name, value) in values)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
        writer.Flush();
        var reader = new Utf8JsonReader(scratch.Buffer.WrittenSpan, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        var written = JsonElement.ParseValue(ref reader);
        if (scratch.Buffer.Capacity <= MostKept)
        {
            // What was written is wiped: arguments may hold secrets. A failure on the way keeps nothing.
            scratch.Buffer.Clear();
            writer.Reset();
            _scratch = scratch;
        }

        return written;
    }

    /// <summary>The text that an approval is bound to: names in order, no spaces, one way to escape.</summary>
    internal static string Text(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Sort(writer, element);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The values that need no conversion: they never change, and there is one way to read them.</summary>
    internal static bool IsPlain(object? value) => value switch
    {
        null or string or bool or int or long or decimal or JsonElement => true,
        double number => double.IsFinite(number),
        _ => false,
    };

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case JsonElement element:
                element.WriteTo(writer);
                break;
            default:
                throw new ArgumentException("The value has no canonical form.", nameof(value));
        }
    }

    // Invariant: depth is at most MaxDepth, which IsUnambiguous has checked; the writer refuses more.
    private static void Sort(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Sort(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Sort(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(element.GetString());
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A text with an escaped half of a character can be checked as JSON and still not be read.</summary>
    private static bool IsWhole(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String || !HasEscape(element))
        {
            return true;
        }

        try
        {
            return element.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool HasEscape(JsonElement element) =>
        System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(element).Contains((byte)'\\');

    /// <summary>A buffer with its writer, kept for the next call on the thread.</summary>
    private sealed class Scratch
    {
        internal Scratch() => Writer = new Utf8JsonWriter(Buffer, Options);

        internal ArrayBufferWriter<byte> Buffer { get; } = new(512);

        internal Utf8JsonWriter Writer { get; }
    }
}
