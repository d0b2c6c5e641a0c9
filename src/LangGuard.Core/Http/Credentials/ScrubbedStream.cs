using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>Reads another stream without the secrets in it.</summary>
internal sealed class ScrubbedStream(Stream inner, SecretScrubber scrubber, ScrubbedCredential credential) : ReadOnlyStream
{
    private const int PieceBytes = 16 * 1024;

    private readonly byte[] _piece = new byte[PieceBytes];
    private bool _ended;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (scrubber.Ready == 0 && !_ended)
        {
            try
            {
                Next(inner.Read(_piece));
            }
            catch (Exception error) when (Echoes(error))
            {
                throw EgressDenial.Of(HttpReasons.CredentialEcho);
            }
        }

        return scrubber.Take(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (scrubber.Ready == 0 && !_ended)
        {
            try
            {
                Next(await inner.ReadAsync(_piece, cancellationToken).ConfigureAwait(false));
            }
            catch (Exception error) when (Echoes(error))
            {
                throw EgressDenial.Of(HttpReasons.CredentialEcho);
            }
        }

        return scrubber.Take(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    // The platform quotes malformed framing in its messages, with whatever the server put there.
    private bool Echoes(Exception error) => credential.AppearsIn(error.ToString());

    private void Next(int count)
    {
        if (count == 0)
        {
            _ended = true;
            scrubber.Finish();
            credential.ScrubTrailers();
        }
        else
        {
            scrubber.Add(_piece.AsSpan(0, count));
        }
    }
}
