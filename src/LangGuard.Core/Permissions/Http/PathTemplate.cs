namespace LangGuard.Permissions;

/// <summary>A path of a rule: literals (case-sensitive), slots of one segment, and <c>**</c> for any number of segments.</summary>
internal sealed class PathTemplate
{
    private readonly PathSegment[] _segments;

    internal PathTemplate(PathSegment[] segments, string text)
    {
        _segments = segments;
        Text = text;
    }

    public string Text { get; }

    public IReadOnlyList<PathSegment> Segments => _segments;

    /// <summary>The first segment when it is a literal, otherwise null: the key of the index.</summary>
    public string? Leading => _segments.Length > 0 ? _segments[0].Text : null;

    /// <summary>More specific templates are larger: literals count most, and <c>**</c> counts against.</summary>
    public int Specificity
    {
        get
        {
            var weight = 0;
            foreach (var segment in _segments)
            {
                weight += segment.IsAnyNumber ? -1 : segment.Text is null ? 8 : 64;
            }

            return weight;
        }
    }

    public bool Matches(ReadOnlySpan<char> path)
    {
        var segment = 0;
        var at = 1;
        var retrySegment = -1;
        var retryAt = 0;
        while (at <= path.Length)
        {
            if (segment < _segments.Length && _segments[segment].IsAnyNumber)
            {
                retrySegment = ++segment;
                retryAt = at;
                if (segment == _segments.Length)
                {
                    return true;
                }

                continue;
            }

            var next = Next(path, at);
            if (segment < _segments.Length && _segments[segment].Accepts(path[at..(next - 1)]))
            {
                segment++;
                at = next;
            }
            else if (retrySegment >= 0)
            {
                segment = retrySegment;
                at = retryAt = Next(path, retryAt);
            }
            else
            {
                return false;
            }
        }

        return IsAtEnd(segment);
    }

    /// <summary>
    /// For deny rules: matches whatever some server could take for this path. Empty segments, matrix parameters, letter case
    /// and trailing dots or spaces make no difference.
    /// </summary>
    public bool MatchesLoosely(ReadOnlySpan<char> path)
    {
        var segment = 0;
        var at = 1;
        var retrySegment = -1;
        var retryAt = 0;
        while (at <= path.Length)
        {
            var next = Next(path, at);
            var text = Loosen(path[at..(next - 1)]);
            if (text.IsEmpty)
            {
                at = next;
            }
            else if (segment < _segments.Length && _segments[segment].IsAnyNumber)
            {
                retrySegment = ++segment;
                retryAt = at;
            }
            else if (segment < _segments.Length && _segments[segment].AcceptsLoosely(text))
            {
                segment++;
                at = next;
            }
            else if (retrySegment >= 0)
            {
                segment = retrySegment;
                at = retryAt = Next(path, retryAt);
            }
            else
            {
                return false;
            }
        }

        return IsAtEnd(segment);
    }

    /// <summary>The leading segment of a path, for the index.</summary>
    public static ReadOnlySpan<char> LeadingOf(ReadOnlySpan<char> path) => path[1..(Next(path, 1) - 1)];

    /// <summary>As <see cref="LeadingOf"/> for deny rules.</summary>
    public static ReadOnlySpan<char> LooseLeadingOf(ReadOnlySpan<char> path)
    {
        for (var at = 1; at <= path.Length;)
        {
            var next = Next(path, at);
            var segment = Loosen(path[at..(next - 1)]);
            if (!segment.IsEmpty)
            {
                return segment;
            }

            at = next;
        }

        return default;
    }

    private static ReadOnlySpan<char> Loosen(ReadOnlySpan<char> segment)
    {
        var parameters = segment.IndexOf(';');
        if (parameters >= 0)
        {
            segment = segment[..parameters];
        }

        return segment.TrimEnd(" .");
    }

    private static int Next(ReadOnlySpan<char> path, int at)
    {
        var slash = path[at..].IndexOf('/');
        return slash < 0 ? path.Length + 1 : at + slash + 1;
    }

    private bool IsAtEnd(int segment)
    {
        while (segment < _segments.Length && _segments[segment].IsAnyNumber)
        {
            segment++;
        }

        return segment == _segments.Length;
    }
}
