namespace LangGuard;

/// <summary>What the user wrote, each message once. Bounded: the oldest goes first, so that its words no longer count.</summary>
internal sealed class UserMessages
{
    private const int MaxCharacters = 262_144;

    private readonly Lock _lock = new();
    private readonly Queue<string> _messages = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private int _characters;

    /// <summary>Grows by one with each new message, so that a reader knows when to look again.</summary>
    internal int Version { get; private set; }

    internal IReadOnlyList<string> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _messages];
            }
        }
    }

    internal void Add(string text)
    {
        lock (_lock)
        {
            if (text.Length is 0 or > MaxCharacters || !_known.Add(text))
            {
                return;
            }

            _messages.Enqueue(text);
            _characters += text.Length;
            Version++;
            while (_characters > MaxCharacters)
            {
                var oldest = _messages.Dequeue();
                _known.Remove(oldest);
                _characters -= oldest.Length;
            }
        }
    }
}
