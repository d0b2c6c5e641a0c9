using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LangGuard.Misuse;

/// <summary>Learns from results where values come from, before the model can use them.</summary>
internal static class ResultObserver
{
    private const int MaxJson = 1024 * 1024;

    /// <summary>A result as text or JSON.</summary>
    internal static void Observe(GuardSession session, Operation operation, bool trusted, ReadOnlySpan<char> text)
    {
        var provenance = session.State<Provenance>();
        if (trusted)
        {
            provenance.AddTrustedText(text);
        }

        if (operation is HttpOperation http)
        {
            provenance.AddOriginText(http.Origin, text);
        }
        else if (operation is FunctionOperation && text.Length <= MaxJson && text.TrimStart() is ['{' or '[', ..])
        {
            ObserveJson(provenance, text, trusted);
        }
    }

    internal static void Observe(GuardSession session, Operation operation, bool trusted, ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > 0 && (trusted || operation is HttpOperation))
        {
            utf8 = utf8[..Math.Min(utf8.Length, MaxJson)];
            var characters = ArrayPool<char>.Shared.Rent(utf8.Length);
            var length = Encoding.UTF8.GetChars(utf8, characters);
            Observe(session, operation, trusted, characters.AsSpan(0, length));
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    /// <summary>Ids are values of properties that are called so. A text inside a value is not read: an attacker could write
    /// anything there.</summary>
    private static void ObserveJson(Provenance provenance, ReadOnlySpan<char> text, bool trusted)
    {
        try
        {
            using var document = JsonDocument.Parse(text.ToString());
            var open = new Stack<(JsonElement Element, bool IsId)>([(document.RootElement, false)]);
            while (open.TryPop(out var current))
            {
                switch (current.Element.ValueKind)
                {
                    case JsonValueKind.Object:
                        foreach (var property in current.Element.EnumerateObject())
                        {
                            open.Push((property.Value, IsIdName(property.Name)));
                        }

                        break;
                    case JsonValueKind.Array:
                        foreach (var item in current.Element.EnumerateArray())
                        {
                            open.Push((item, current.IsId));
                        }

                        break;
                    case JsonValueKind.String or JsonValueKind.Number:
                        Add(provenance, current.Element.ToString(), current.IsId, trusted);
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON after all: nothing becomes known.
        }
    }

    private static void Add(Provenance provenance, string value, bool isId, bool trusted)
    {
        if (isId && value.Length <= 128)
        {
            provenance.AddMinted(value);
        }

        if (trusted)
        {
            provenance.AddTrustedName(value);
        }
    }

    private static bool IsIdName(string name)
    {
        var plain = name.AsSpan().Trim('_');
        return plain.Equals("id", StringComparison.OrdinalIgnoreCase)
            || plain.EndsWith("_id", StringComparison.OrdinalIgnoreCase)
            || plain.EndsWith("Id", StringComparison.Ordinal);
    }
}
