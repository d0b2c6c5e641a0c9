namespace LangGuard.Permissions;

/// <summary>How near a request came to being granted. Larger is nearer.</summary>
internal enum HttpMiss
{
    Endpoint = 0,
    Method,
    Query,
    Header,
    Disguise,
    Body,
    DeniedEndpoint,
}
