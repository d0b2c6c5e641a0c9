using System.Runtime.InteropServices;

namespace LangGuard.Redaction;

/// <summary>The places in one text that must not be shown. Overlapping places become one.</summary>
public sealed class SecretSpans
{
    private int _length;
    private List<SecretSpan>? _spans;

    internal SecretSpans(int length) => _length = length;

    /// <summary>How many places were found.</summary>
    public int Count => _spans?.Count ?? 0;

    /// <summary>Adds a place.</summary>
    /// <param name="start">The first character.</param>
    /// <param name="length">How many characters; positive.</param>
    /// <param name="kind">What it is, shown in its stead: lower-case words with <c>-</c>, such as <c>private-key</c>.</param>
    public void Add(int start, int length, string kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _length - start);
        (_spans ??= []).Add(new SecretSpan(start, length, ResultMarker.IsKind(kind) ? kind : "secret"));
    }

    /// <summary>Begins anew with another text.</summary>
    internal void Begin(int length)
    {
        _length = length;
        _spans?.Clear();
    }

    internal string? FirstKind(Predicate<string> kind) =>
        _spans is null ? null : _spans.Where(span => kind(span.Kind)).Select(span => span.Kind).FirstOrDefault();

    internal bool AnyKind(Predicate<string> kind) => _spans is not null && _spans.Exists(span => kind(span.Kind));

    /// <summary>In order and without overlap.</summary>
    internal ReadOnlySpan<SecretSpan> Merge()
    {
        if (_spans is { Count: > 1 })
        {
            _spans.Sort(static (x, y) => x.Start != y.Start ? x.Start.CompareTo(y.Start) : y.Length.CompareTo(x.Length));
            var last = 0;
            for (var i = 1; i < _spans.Count; i++)
            {
                if (_spans[i].Start < _spans[last].End)
                {
                    _spans[last] = _spans[last] with
                    {
                        Length = Math.Max(_spans[last].End, _spans[i].End) - _spans[last].Start,
                    };
                }
                else
                {
                    _spans[++last] = _spans[i];
                }
            }

            _spans.RemoveRange(last + 1, _spans.Count - last - 1);
        }

        return CollectionsMarshal.AsSpan(_spans);
    }
}
