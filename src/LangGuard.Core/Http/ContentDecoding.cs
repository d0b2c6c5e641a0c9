namespace LangGuard.Http;

/// <summary>The one content encoding that a response may have.</summary>
internal enum ContentDecoding
{
    None = 0,
    GZip,
    Brotli,
    Deflate,
}
