using System.Buffers;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>The body as it comes from the socket: counted, and never waited for longer than the rule allows.</summary>
internal sealed class WireStream(Stream inner, Exchange exchange, long maxBytes) : ReadOnlyStream
{
    /// <summary>Bytes so far.</summary>
    public long Count { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        // A blocking read has no deadline of its own.
        var rented = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length, 16 * 1024));
        try
        {
            var read = ReadAsync(rented.AsMemory(0, Math.Min(rented.Length, buffer.Length)), CancellationToken.None)
                .AsTask().GetAwaiter().GetResult();
            rented.AsSpan(0, read).CopyTo(buffer);
            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (exchange.IsLate)
        {
            throw exchange.Deny(HttpReasons.TooSlow);
        }

        using var linked = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(exchange.Deadline, cancellationToken)
            : null;
        exchange.BeginRead();
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, linked?.Token ?? exchange.Deadline).ConfigureAwait(false);
        }
        catch (Exception) when (exchange.IsLate && !cancellationToken.IsCancellationRequested)
        {
            throw exchange.Deny(HttpReasons.TooSlow);
        }

        exchange.EndRead();
        Count += read;
        exchange.BytesIn = Count;
        if (Count > maxBytes)
        {
            throw exchange.Deny(HttpReasons.ResponseTooLarge);
        }

        if (read == 0 && buffer.Length > 0)
        {
            exchange.Finish(OutcomeStatus.Succeeded);
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            exchange.Finish(OutcomeStatus.Succeeded);
        }

        base.Dispose(disposing);
    }
}
