namespace LangGuard.Http;

/// <summary>The secrets that have been attached in a session tree. A request that holds one of them is refused: the agent
/// can only have it from a leak.</summary>
internal sealed class IssuedSecrets
{
    private const int MaxSecrets = 256;

    private readonly Lock _lock = new();
    private SecretPatterns[] _patterns = [];

    public void Add(SecretPatterns patterns)
    {
        lock (_lock)
        {
            // The oldest goes first: secrets rotate.
            if (!_patterns.Contains(patterns))
            {
                _patterns = [.. _patterns.Length < MaxSecrets ? _patterns : _patterns[1..], patterns];
            }
        }
    }

    public bool AppearIn(ReadOnlySpan<byte> bytes)
    {
        foreach (var patterns in Volatile.Read(ref _patterns))
        {
            if (SecretScrubber.Finds(patterns, bytes))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether URL, headers or the held part of the body hold a secret.</summary>
    public bool AppearIn(EgressRequest request, RequestBody? body)
    {
        if (Volatile.Read(ref _patterns).Length == 0)
        {
            return false;
        }

        var text = new System.Text.StringBuilder(request.Url.ToString());
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            text.Append('\n').Append(name).Append(": ").AppendJoin('\n', values);
        }

        foreach (var (name, values) in request.Content?.Headers.NonValidated ?? default)
        {
            text.Append('\n').Append(name).Append(": ").AppendJoin('\n', values);
        }

        return AppearIn(System.Text.Encoding.UTF8.GetBytes(text.ToString())) || (body is not null && AppearIn(body.Bytes.Span));
    }
}
