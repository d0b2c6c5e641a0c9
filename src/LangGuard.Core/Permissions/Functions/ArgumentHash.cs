using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LangGuard.Permissions;

/// <summary>Hashes one argument of a call, alike for every representation of the same value, and without writing plain
/// values as JSON.</summary>
internal static class ArgumentHash
{
    private const int Text = 1;
    private const int Number = 2;
    private const int Other = 3;

    internal static ulong Of(string name, object? value)
    {
        var hash = Named(name);
        switch (value)
        {
            case string text:
                hash.Add(Text);
                hash.Add(text);
                break;
            case JsonElement element:
                Add(ref hash, element);
                break;
            case IFormattable number:
                hash.Add(Number);
                hash.Add(number.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                hash.Add(Other);
                hash.Add(value switch { null => "null", true => "true", _ => "false" });
                break;
        }

        return hash.Value;
    }

    internal static ulong Of(string name, JsonElement value)
    {
        var hash = Named(name);
        Add(ref hash, value);
        return hash.Value;
    }

    private static OperationHash Named(string name)
    {
        var hash = default(OperationHash);
        hash.Add(name);
        return hash;
    }

    private static void Add(ref OperationHash hash, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                hash.Add(Text);
                AddText(ref hash, value);
                break;
            case JsonValueKind.Number:
                hash.Add(Number);
                AddDecoded(ref hash, JsonMarshal.GetRawUtf8Value(value));
                break;
            case JsonValueKind.Object or JsonValueKind.Array:
                hash.Add(Other);
                hash.Add(CanonicalJson.Text(value));
                break;
            default:
                hash.Add(Other);
                AddDecoded(ref hash, JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private static void AddText(ref OperationHash hash, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        if (raw.Contains((byte)'\\'))
        {
            hash.Add(value.GetString());
        }
        else
        {
            AddDecoded(ref hash, raw);
        }
    }

    private static void AddDecoded(ref OperationHash hash, ReadOnlySpan<byte> raw)
    {
        char[]? rented = null;
        Span<char> buffer = raw.Length <= 256 ? stackalloc char[256] : rented = ArrayPool<char>.Shared.Rent(raw.Length);
        hash.Add(buffer[..Encoding.UTF8.GetChars(raw, buffer)]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
