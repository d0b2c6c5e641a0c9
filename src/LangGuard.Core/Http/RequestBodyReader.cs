using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Takes a caller's body over, so that it cannot change between the decision and the wire.</summary>
internal static class RequestBodyReader
{
    /// <summary>Bodies up to here are held whole; rules about content apply to those.</summary>
    public const int MaxHeld = 1024 * 1024;

    private const int MaxBuffered = 10 * 1024 * 1024;

    /// <summary>Gives the outgoing message its body: read from the caller's content once, and from what was held after a
    /// redirect.</summary>
    public static ValueTask<(RequestBody? Body, Reason? Problem)> TakeAsync(
        HttpContent content, RequestBody? held, EgressRequest to, CancellationToken cancellationToken)
    {
        if (held is null)
        {
            return ReadAsync(content, to, cancellationToken);
        }

        to.Content = new ReadOnlyMemoryContent(held.Bytes);
        CopyHeaders(content, to.Content);
        return ValueTask.FromResult<(RequestBody?, Reason?)>((held, null));
    }

    private static async ValueTask<(RequestBody? Body, Reason? Problem)> ReadAsync(
        HttpContent content, EgressRequest to, CancellationToken cancellationToken)
    {
        var problem = RequestCopy.CheckContentHeaders(content);
        if (problem is not null)
        {
            return (null, problem);
        }

        var stated = content.Headers.ContentLength;
        var mediaType = MediaTypeOf(content);
        if (!IsReadable(content))
        {
            try
            {
                await content.LoadIntoBufferAsync(MaxBuffered, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException)
            {
                return (null, HttpReasons.BodyTooLarge);
            }
        }

        var source = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var (bytes, isComplete) = await ReadAheadAsync(source, stated, cancellationToken).ConfigureAwait(false);
        if (isComplete && stated is not null && stated != bytes.Length)
        {
            // The stated length would frame the request otherwise than its content does.
            return (null, HttpReasons.ForbiddenHeader);
        }

        to.Content = isComplete
            ? new ReadOnlyMemoryContent(bytes)
            : new ContinuedContent(bytes, source, stated, to);
        CopyHeaders(content, to.Content);
        return (new RequestBody(bytes, isComplete, mediaType), null);
    }

    private static void CopyHeaders(HttpContent from, HttpContent to)
    {
        foreach (var (name, values) in from.Headers.NonValidated)
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                to.Headers.TryAddWithoutValidation(name, values);
            }
        }
    }

    /// <summary>Contents that stream without buffering themselves first.</summary>
    private static bool IsReadable(HttpContent content) =>
        content is StreamContent or ByteArrayContent or ReadOnlyMemoryContent or MultipartContent;

    private static async ValueTask<(ReadOnlyMemory<byte> Bytes, bool IsComplete)> ReadAheadAsync(
        Stream source, long? stated, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(stated ?? 4096, MaxHeld) + 1];
        var length = 0;
        while (true)
        {
            var read = await source.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return (buffer.AsMemory(0, length), true);
            }

            length += read;
            if (length > MaxHeld)
            {
                return (buffer.AsMemory(0, length), false);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, MaxHeld + 1));
            }
        }
    }

    private static string? MediaTypeOf(HttpContent content)
    {
        if (!content.Headers.NonValidated.TryGetValues("Content-Type", out var values))
        {
            return null;
        }

        var text = values.ToString();
        var parameters = text.IndexOf(';', StringComparison.Ordinal);
        return (parameters < 0 ? text : text[..parameters]).Trim();
    }
}
