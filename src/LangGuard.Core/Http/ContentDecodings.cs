using System.IO.Compression;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Reads and undoes content encodings.</summary>
internal static class ContentDecodings
{
    extension(ContentDecoding decoding)
    {
        public static ContentDecoding Of(HttpContent content)
        {
            if (!content.Headers.NonValidated.TryGetValues("Content-Encoding", out var values))
            {
                return ContentDecoding.None;
            }

            var text = values.ToString();
            return text.ToUpperInvariant() switch
            {
                "" or "IDENTITY" => ContentDecoding.None,
                "GZIP" or "X-GZIP" => ContentDecoding.GZip,
                "BR" => ContentDecoding.Brotli,
                "DEFLATE" => ContentDecoding.Deflate,

                // Encodings in layers multiply; unknown ones cannot be limited or scrubbed.
                _ => throw EgressDenial.Of(HttpReasons.ResponseRatio),
            };
        }

        public Stream Decode(Stream source) => decoding switch
        {
            ContentDecoding.GZip => new GZipStream(source, CompressionMode.Decompress),
            ContentDecoding.Brotli => new BrotliStream(source, CompressionMode.Decompress),
            ContentDecoding.Deflate => new ZLibStream(source, CompressionMode.Decompress),
            _ => source,
        };
    }
}
