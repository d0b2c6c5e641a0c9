using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>The body as the caller reads it: limited after decompression, in ratio, and in events.</summary>
internal sealed class ContentStream(Stream inner, WireStream wire, Exchange exchange, bool isDecoded, bool hasEvents)
    : ReadOnlyStream
{
    private const long RatioFrom = 1024 * 1024;

    private long _count;
    private long _events;
    private bool _lineIsEmpty = true;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Check(buffer[..read]);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Check(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check(ReadOnlySpan<byte> read)
    {
        _count += read.Length;
        if (_count > exchange.Limits.MaxContentBytes)
        {
            throw exchange.Deny(HttpReasons.ResponseTooLarge);
        }

        if (isDecoded && _count > RatioFrom && _count / Math.Max(wire.Count, 1) > exchange.Limits.MaxRatio)
        {
            throw exchange.Deny(HttpReasons.ResponseRatio);
        }

        if (hasEvents)
        {
            CountEvents(read);
        }

        exchange.Observe(read);
    }

    /// <summary>An event ends at an empty line.</summary>
    private void CountEvents(ReadOnlySpan<byte> read)
    {
        foreach (var value in read)
        {
            if (value is (byte)'\n')
            {
                _events += _lineIsEmpty ? 1 : 0;
                _lineIsEmpty = true;
            }
            else if (value is not (byte)'\r')
            {
                _lineIsEmpty = false;
            }
        }

        if (_events > exchange.Limits.MaxEvents)
        {
            throw exchange.Deny(HttpReasons.TooManyEvents);
        }
    }
}
