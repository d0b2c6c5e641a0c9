using System.Collections.Frozen;

namespace LangGuard.Http;

/// <summary>Names of fields by which frameworks take a POST for another method.</summary>
internal static class MethodOverrides
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "_method", "_httpmethod", "_http_method", "__method", "http_method_override", "x-http-method-override",
        "x_http_method_override", "x-http-method", "x-method-override", "x_http_method", "x_method_override", "$method",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a field name overrides the method, also in the spellings that form parsers take for it.</summary>
    public static bool IsMatch(ReadOnlySpan<char> key)
    {
        key = key.Trim(" \t\r\n\0");
        var bracket = key.IndexOf('[');
        return Lookup.Contains(key) || (bracket > 0 && Lookup.Contains(key[..bracket]));
    }
}
