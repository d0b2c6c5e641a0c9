using System.Net;

namespace LangGuard.Http;

/// <summary>A response body under the limits of its grant.</summary>
internal sealed class GuardedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly Exchange _exchange;
    private readonly ContentDecoding _decoding;
    private readonly AttachedCredential? _credential;
    private readonly bool _keepsLength;
    private bool _consumed;

    public GuardedContent(HttpContent inner, Exchange exchange, ContentDecoding decoding, AttachedCredential? credential)
    {
        _inner = inner;
        _exchange = exchange;
        _decoding = decoding;
        _credential = credential;
        _keepsLength = decoding == ContentDecoding.None && credential is null;
        foreach (var (name, values) in inner.Headers.NonValidated)
        {
            if (_keepsLength || !ChangesWithBody(name, decoding))
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var body = await CreateContentReadStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var body = CreateContentReadStream(cancellationToken);
        body.CopyTo(stream);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        ThrowIfConsumed();
        return Wrap(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
    }

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken)
    {
        ThrowIfConsumed();
        return Wrap(_inner.ReadAsStream(cancellationToken));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _keepsLength ? _inner.Headers.ContentLength ?? 0 : 0;
        return _keepsLength && _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            _exchange.Finish(_consumed ? OutcomeStatus.Succeeded : OutcomeStatus.Failed);
        }

        base.Dispose(disposing);
    }

    private static bool ChangesWithBody(string name, ContentDecoding decoding) =>
        name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Content-MD5", StringComparison.OrdinalIgnoreCase)
        || (decoding != ContentDecoding.None && name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase));

    private void ThrowIfConsumed()
    {
        if (_consumed)
        {
            throw new InvalidOperationException("The response body has been read already.");
        }

        _consumed = true;
    }

    private Stream Wrap(Stream wire)
    {
        var limits = _exchange.Limits;
#pragma warning disable CA2000 // Each stream owns the one below it, and the caller owns the last.
        var counted = new WireStream(wire, _exchange, limits.MaxResponseBytes);
        Stream body = new ContentStream(
            _decoding.Decode(counted), counted, _exchange, _decoding != ContentDecoding.None, ResponseGuard.IsEventStream(_inner));
        return _credential is null ? body : _credential.ScrubBody(body);
#pragma warning restore CA2000
    }
}
