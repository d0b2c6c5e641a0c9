namespace LangGuard.Http;

/// <summary>Why a URL has no canonical form. Each value is refused, whatever the rules say.</summary>
internal enum UrlProblem : byte
{
    None = 0,
    NotAbsolute,
    Scheme,
    TooLong,
    Control,
    Backslash,
    UserInfo,
    Authority,
    HostName,
    NumericHost,
    Port,
    NotCanonical,
    Escape,
    Encoding,
    DotSegment,
    TooManyLayers,
}
