namespace LangGuard.Permissions;

/// <summary>Between method names and <see cref="HttpVerbs"/>.</summary>
internal static class HttpVerbNames
{
    /// <summary>The verb of a method, in any case: the guard sends the upper-case form. None for unknown methods.</summary>
    public static HttpVerbs Parse(ReadOnlySpan<char> method) => method switch
    {
        "GET" => HttpVerbs.Get,
        "HEAD" => HttpVerbs.Head,
        "POST" => HttpVerbs.Post,
        "PUT" => HttpVerbs.Put,
        "PATCH" => HttpVerbs.Patch,
        "DELETE" => HttpVerbs.Delete,
        "OPTIONS" => HttpVerbs.Options,
        _ => ParseAnyCase(method),
    };

    public static HttpMethod ToMethod(HttpVerbs verb) => verb switch
    {
        HttpVerbs.Get => HttpMethod.Get,
        HttpVerbs.Head => HttpMethod.Head,
        HttpVerbs.Post => HttpMethod.Post,
        HttpVerbs.Put => HttpMethod.Put,
        HttpVerbs.Patch => HttpMethod.Patch,
        HttpVerbs.Delete => HttpMethod.Delete,
        HttpVerbs.Options => HttpMethod.Options,
        _ => throw new ArgumentOutOfRangeException(nameof(verb)),
    };

    public static Effects ToEffects(HttpVerbs verb) => verb switch
    {
        HttpVerbs.Get or HttpVerbs.Head or HttpVerbs.Options => Effects.Read,
        HttpVerbs.Delete => Effects.Read | Effects.Delete,
        _ => Effects.Read | Effects.Write | Effects.Send,
    };

    private static HttpVerbs ParseAnyCase(ReadOnlySpan<char> method)
    {
        foreach (var verb in Enum.GetValues<HttpVerbs>())
        {
            if (int.IsPow2((int)verb) && method.Equals(verb.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return verb;
            }
        }

        return HttpVerbs.None;
    }
}
