using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LangGuard.Misuse;

/// <summary>Looks at every text in an argument, without a string for each.</summary>
internal static class JsonLeaves
{
    /// <summary>Looks at one text. False ends the walk.</summary>
    internal delegate bool Look<T>(scoped ReadOnlySpan<char> text, ref T state)
        where T : allows ref struct;

    /// <summary>Calls <paramref name="look"/> for every text and number, names of properties included. False as soon as one look is
    /// false, or when the value is deeper than it may be.</summary>
    internal static bool All<T>(JsonElement element, ref T state, Look<T> look, int depth = 0)
        where T : allows ref struct
    {
        if (depth > 16)
        {
            return false;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    if (!All(item, ref state, look, depth + 1))
                    {
                        return false;
                    }
                }

                return true;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (!Name(property, ref state, look) || !All(property.Value, ref state, look, depth + 1))
                    {
                        return false;
                    }
                }

                return true;
            case JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return Text(element, ref state, look);
            default:
                return true;
        }
    }

    private static bool Name<T>(JsonProperty property, ref T state, Look<T> look)
        where T : allows ref struct
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(property);
        return raw.Length > 256 || raw.Contains((byte)'\\') ? look(property.Name, ref state) : Decoded(raw, ref state, look);
    }

    private static bool Text<T>(JsonElement element, ref T state, Look<T> look)
        where T : allows ref struct
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        if (element.ValueKind == JsonValueKind.String)
        {
            raw = raw[1..^1];
            if (raw.Contains((byte)'\\'))
            {
                return look(element.GetString(), ref state);
            }
        }

        return Decoded(raw, ref state, look);
    }

    private static bool Decoded<T>(ReadOnlySpan<byte> raw, ref T state, Look<T> look)
        where T : allows ref struct
    {
        char[]? rented = null;
        Span<char> buffer = raw.Length <= 512 ? stackalloc char[512] : rented = ArrayPool<char>.Shared.Rent(raw.Length);
        try
        {
            return look(buffer[..Encoding.UTF8.GetChars(raw, buffer)], ref state);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }
}
