namespace LangGuard.OpenApi;

/// <summary>How the body of a request is written.</summary>
internal enum OpenApiBodyKind
{
    None,
    Json,
    Form,
    Multipart,
}
