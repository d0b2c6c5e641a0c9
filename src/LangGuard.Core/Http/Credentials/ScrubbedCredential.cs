namespace LangGuard.Http;

/// <summary>Keeps the secret of a request out of everything that comes back.</summary>
internal sealed class ScrubbedCredential(SecretPatterns patterns, bool scrubs = true) : AttachedCredential
{
    private HttpResponseMessage? _response;
    private bool _isEventStream;

    public override SecretPatterns Patterns { get; } = patterns;

    public override void ScrubHeaders(HttpResponseMessage response)
    {
        if (!scrubs)
        {
            return;
        }

        _response = response;
        _isEventStream = ResponseGuard.IsEventStream(response.Content);
        if (response.ReasonPhrase is { } phrase)
        {
            response.ReasonPhrase = SecretScrubber.Scrub(Patterns, phrase);
        }

        Scrub(response.Headers);
        Scrub(response.Content.Headers);
        ScrubTrailers();
    }

    public override Stream ScrubBody(Stream body) => !scrubs ? body
        : new ScrubbedStream(body, new SecretScrubber(Patterns, _isEventStream), this);

    public override bool AppearsIn(string text) =>
        scrubs && !ReferenceEquals(SecretScrubber.Scrub(Patterns, text), text);

    /// <summary>Trailers arrive with the end of the body.</summary>
    public void ScrubTrailers()
    {
        if (_response is not null)
        {
            Scrub(_response.TrailingHeaders);
        }
    }

    private void Scrub(System.Net.Http.Headers.HttpHeaders headers)
    {
        foreach (var (name, values) in headers.NonValidated.ToList())
        {
            if (AppearsIn(name))
            {
                headers.Remove(name);
                continue;
            }

            var clean = values.Select(value => SecretScrubber.Scrub(Patterns, value)).ToList();
            if (!clean.SequenceEqual(values, StringComparer.Ordinal))
            {
                headers.Remove(name);
                headers.TryAddWithoutValidation(name, clean);
            }
        }
    }
}
