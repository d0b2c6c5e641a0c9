namespace LangGuard.Http;

/// <summary>The escapes under which a secret can hide. Each reads one escape at the start of some bytes.</summary>
internal enum ScrubEscape
{
    /// <summary><c>%2F</c> and <c>%u002F</c>.</summary>
    Percent,

    /// <summary><c>\u002F</c>, <c>\x2F</c>, <c>\/</c>.</summary>
    Json,

    /// <summary><c>&amp;#47;</c>, <c>&amp;#x2F;</c>, <c>&amp;amp;</c>.</summary>
    Html,
}
