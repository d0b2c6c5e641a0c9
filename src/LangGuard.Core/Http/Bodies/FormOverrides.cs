using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Finds a field in a query or an urlencoded form that makes the request another one.</summary>
internal static class FormOverrides
{
    private const int OnStack = 512;

    public static bool Has(ReadOnlySpan<char> pairs, HttpVerbs verb)
    {
        foreach (var range in pairs.SplitAny('&', ';'))
        {
            var pair = pairs[range];
            var equals = pair.IndexOf('=');
            var key = equals < 0 ? pair : pair[..equals];
            var value = equals < 0 ? default : pair[(equals + 1)..];
            if (Overrides(key, value, verb))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a field asks for another method than the one that the request has.</summary>
    public static bool Overrides(ReadOnlySpan<char> key, ReadOnlySpan<char> value, HttpVerbs verb)
    {
        Span<char> buffer = key.Length <= OnStack ? stackalloc char[OnStack] : new char[key.Length];
        buffer = buffer[..key.Length];
        key.CopyTo(buffer);
        var name = LooseDecoding.Decode(buffer);
        if (MethodOverrides.IsMatch(name))
        {
            return MethodOf(value) is not { } stated || stated != verb;
        }

        return MethodOverrides.IsWord(name) && MethodOf(value) is { } other && other != verb && (other & HttpVerbs.Read) == 0;
    }

    /// <summary>The method that a value names, or null.</summary>
    public static HttpVerbs? MethodOf(ReadOnlySpan<char> value)
    {
        if (value.Length is 0 or > 64)
        {
            return null;
        }

        Span<char> buffer = stackalloc char[value.Length];
        value.CopyTo(buffer);
        var text = LooseDecoding.Decode(buffer).Trim(" +\t\r\n\0\"'");
        return HttpVerbNames.Parse(text) is var verb and not HttpVerbs.None ? verb : null;
    }
}
