using System.Net;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>A long request body: what was read ahead, then the rest of the stream, under the limit of the rule.</summary>
internal sealed class ContinuedContent(ReadOnlyMemory<byte> start, Stream rest, long? length, EgressRequest request) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var limit = request.Grant?.MaxRequestBytes ?? 0;
        var sent = (long)start.Length;
        ThrowIfOver(sent, limit);
        await stream.WriteAsync(start, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            sent += read;
            ThrowIfOver(sent, limit);
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length ?? 0;
        return length is not null;
    }

    private static void ThrowIfOver(long sent, long limit)
    {
        if (sent > limit)
        {
            throw EgressDenial.Of(HttpReasons.BodyTooLarge);
        }
    }
}
