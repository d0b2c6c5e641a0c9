namespace LangGuard.Http;

/// <summary>How a server may read a body.</summary>
[Flags]
internal enum BodyKind
{
    /// <summary>As bytes: no field of it has a meaning for the server's router.</summary>
    Data = 0,
    Form = 1,
    Json = 2,
    Multipart = 4,

    /// <summary>As further requests.</summary>
    Requests = 8,
}
