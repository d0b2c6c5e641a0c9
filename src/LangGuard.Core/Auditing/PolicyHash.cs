using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LangGuard.Auditing;

/// <summary>A short name for exactly one policy, so that a record says under which it was decided.</summary>
internal static class PolicyHash
{
    private const int Bytes = 16;

    internal static string Of(string name, PolicyOptions options, IEnumerable<string> layers)
    {
        var text = new StringBuilder(name).Append('\n');
        try
        {
            text.Append(JsonSerializer.Serialize(options, PolicyHashContext.Default.PolicyOptions));
        }
        catch (Exception failure) when (failure is NotSupportedException or InvalidOperationException or JsonException)
        {
            text.Append("unknown");
        }

        foreach (var layer in layers)
        {
            text.Append('\n').Append(layer);
        }

        return Short(text.ToString());
    }

    internal static string Of(string one, string other) =>
        Short(string.CompareOrdinal(one, other) < 0 ? one + other : other + one);

    private static string Short(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));
}
