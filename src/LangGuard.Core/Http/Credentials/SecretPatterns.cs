using System.Text;

namespace LangGuard.Http;

/// <summary>
/// The secrets of a credential, compiled for search (Aho-Corasick): one step per byte, whatever the number of forms. Immutable.
/// </summary>
internal sealed class SecretPatterns
{
    private readonly int[] _root = new int[256];
    private readonly List<Node> _nodes = [default];

    private SecretPatterns(IEnumerable<byte[]> patterns)
    {
        foreach (var pattern in patterns)
        {
            Add(pattern);
            MaxLength = Math.Max(MaxLength, pattern.Length);
        }

        Link();
    }

    /// <summary>The length of the longest form.</summary>
    public int MaxLength { get; }

    /// <summary>Compiles secrets, each of at least <see cref="SecretEncodings.MinLength"/> bytes.</summary>
    public static SecretPatterns Of(params IReadOnlyCollection<string> secrets)
    {
        foreach (var secret in secrets)
        {
            if (Encoding.UTF8.GetByteCount(secret) is < SecretEncodings.MinLength or > SecretEncodings.MaxLength)
            {
                throw new ArgumentException(
                    $"A secret has {SecretEncodings.MinLength} to {SecretEncodings.MaxLength} bytes, so that it can be told from text.",
                    nameof(secrets));
            }
        }

        return new SecretPatterns(
            secrets.SelectMany(secret => SecretEncodings.Of(Encoding.UTF8.GetBytes(secret))).Select(form => ScrubFold.Of(form)));
    }

    /// <summary>The state after one more byte.</summary>
    public int Step(int state, byte value)
    {
        value = ScrubFold.Of(value);
        while (state != 0)
        {
            var child = Child(state, value);
            if (child != 0)
            {
                return child;
            }

            state = _nodes[state].Fail;
        }

        return _root[value];
    }

    /// <summary>How many of the last bytes may still become a form.</summary>
    public int Depth(int state) => _nodes[state].Depth;

    /// <summary>The length of the longest form that ends here, or 0.</summary>
    public int Match(int state) => _nodes[state].Match;

    private int Child(int state, byte value)
    {
        var child = _nodes[state].FirstChild;
        while (child != 0 && _nodes[child].Label != value)
        {
            child = _nodes[child].NextSibling;
        }

        return child;
    }

    private void Add(byte[] pattern)
    {
        var state = 0;
        foreach (var value in pattern)
        {
            var next = state == 0 ? _root[value] : Child(state, value);
            if (next == 0)
            {
                next = _nodes.Count;
                _nodes.Add(new Node
                {
                    Label = value,
                    Depth = _nodes[state].Depth + 1,
                    NextSibling = state == 0 ? 0 : _nodes[state].FirstChild,
                });
                if (state == 0)
                {
                    _root[value] = next;
                }
                else
                {
                    _nodes[state] = _nodes[state] with { FirstChild = next };
                }
            }

            state = next;
        }

        _nodes[state] = _nodes[state] with { Match = pattern.Length };
    }

    private void Link()
    {
        var queue = new Queue<int>(_root.Where(state => state != 0));
        while (queue.TryDequeue(out var state))
        {
            for (var child = _nodes[state].FirstChild; child != 0; child = _nodes[child].NextSibling)
            {
                var fail = Step(_nodes[state].Fail, _nodes[child].Label);
                _nodes[child] = _nodes[child] with
                {
                    Fail = fail,
                    Match = Math.Max(_nodes[child].Match, _nodes[fail].Match),
                };
                queue.Enqueue(child);
            }
        }
    }

    private readonly record struct Node
    {
        public byte Label { get; init; }

        public int Depth { get; init; }

        public int FirstChild { get; init; }

        public int NextSibling { get; init; }

        public int Fail { get; init; }

        public int Match { get; init; }
    }
}
