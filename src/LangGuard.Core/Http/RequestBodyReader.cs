using System.Net.Http.Headers;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Takes a caller's body over, so that it cannot change between the decision and the wire.</summary>
internal static class RequestBodyReader
{
    /// <summary>Bodies up to here are held whole, forms and JSON up to <see cref="MaxBuffered"/>; rules about content apply up
    /// to here.</summary>
    public const int MaxHeld = 1024 * 1024;

    private const int MaxBuffered = 10 * 1024 * 1024;

    /// <summary>Gives the outgoing message its body: read from the caller's content once, and from what was held after a
    /// redirect.</summary>
    /// <param name="content">The caller's content.</param>
    /// <param name="held">What an earlier hop took over, or null.</param>
    /// <param name="to">The outgoing message.</param>
    /// <param name="sameOrigin">Whether the hop stays where the caller sent it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static ValueTask<(RequestBody? Body, Reason? Problem)> TakeAsync(
        HttpContent content, RequestBody? held, EgressRequest to, bool sameOrigin, CancellationToken cancellationToken)
    {
        if (held is null)
        {
            return ReadAsync(content, to, cancellationToken);
        }

        to.Content = new ReadOnlyMemoryContent(held.Bytes);
        CopyHeaders(held.Headers, to.Content, sameOrigin);
        return ValueTask.FromResult<(RequestBody?, Reason?)>((held, null));
    }

    private static async ValueTask<(RequestBody? Body, Reason? Problem)> ReadAsync(
        HttpContent content, EgressRequest to, CancellationToken cancellationToken)
    {
        // Copied before any code of the caller runs, and only the copy is looked at.
        using var copied = new ByteArrayContent([]);
        CopyHeaders(content.Headers, copied, sameOrigin: true);
        var problem = RequestCopy.CheckContentHeaders(copied, to);
        if (problem is not null)
        {
            return (null, problem);
        }

        if (HasOddLength(content))
        {
            return (null, HttpReasons.MalformedHeader);
        }

        var stated = content.Headers.ContentLength;
        var contentType = ContentTypeOf(copied);
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
        var (bytes, isComplete) = await ReadAheadAsync(
            source, stated, MaxHeldOf(contentType), cancellationToken).ConfigureAwait(false);
        if (isComplete && stated is not null && stated != bytes.Length)
        {
            // The stated length would frame the request otherwise than its content does.
            return (null, HttpReasons.ForbiddenHeader);
        }

        to.Content = isComplete
            ? new ReadOnlyMemoryContent(bytes)
            : new ContinuedContent(bytes, source, stated, to);
        CopyHeaders(copied.Headers, to.Content, sameOrigin: true);
        return (new RequestBody(bytes, isComplete, contentType)
        {
            Headers = to.Content.Headers,
            IsEncoded = IsEncoded(copied),
        }, null);
    }

    private static void CopyHeaders(HttpContentHeaders? from, HttpContent to, bool sameOrigin)
    {
        if (from is null)
        {
            return;
        }

        foreach (var (name, values) in from.NonValidated)
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
                && (sameOrigin || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)))
            {
                to.Headers.TryAddWithoutValidation(name, values);
            }
        }
    }

    /// <summary>A length that is no number means another one to each reader.</summary>
    private static bool HasOddLength(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Length", out var values)
        && (values.Count != 1 || values.ToString() is not { Length: > 0 } length || length.AsSpan().ContainsAnyExceptInRange('0', '9'));

    /// <summary>Contents that stream without buffering themselves first.</summary>
    private static bool IsReadable(HttpContent content) =>
        content is StreamContent or ByteArrayContent or ReadOnlyMemoryContent or MultipartContent;

    private static async ValueTask<(ReadOnlyMemory<byte> Bytes, bool IsComplete)> ReadAheadAsync(
        Stream source, long? stated, int maxHeld, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(stated ?? 4096, maxHeld) + 1];
        var length = 0;
        while (true)
        {
            var read = await source.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return (buffer.AsMemory(0, length), true);
            }

            length += read;
            if (length > maxHeld)
            {
                return (buffer.AsMemory(0, length), false);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, maxHeld + 1));
            }
        }
    }

    private static string? ContentTypeOf(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;

    private static bool IsEncoded(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Encoding", out var values)
        && !values.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase);

    /// <summary>Fields of a form could make the request another one, so that all of it has to be read.</summary>
    private static int MaxHeldOf(string? contentType) =>
        contentType is not null
        && (contentType.Contains("json", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("form", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("multipart", StringComparison.OrdinalIgnoreCase))
            ? MaxBuffered
            : MaxHeld;
}
