using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Says whether a text holds a secret of a shape, without noting where. A shape that is not asked for never hides another
/// one inside it.</summary>
internal sealed class KnownSecretSearch
{
    /// <summary>The shortest token: its beginning and what has to follow.</summary>
    private const int Shortest = 15;

    /// <summary>What every key in a frame begins with.</summary>
    private const string Frame = "----";

    private static readonly SearchValues<char> OfTokens =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~+/=%");

    private readonly (string Anchor, SecretMatcher Shape)[] _shapes;
    private readonly SearchValues<string> _anchors;

    private readonly Predicate<string> _isKind;
    private readonly ReversedSecrets _backward;

    /// <param name="shapes">The shapes by their beginnings, which are all case-sensitive.</param>
    /// <param name="backward">Finds them written backwards.</param>
    internal KnownSecretSearch(IEnumerable<KeyValuePair<string, SecretMatcher>> shapes, ReversedSecrets backward)
    {
        _backward = backward;
        _shapes = [.. shapes.Select(shape => (shape.Key, shape.Value))];
        _isKind = _shapes.Select(shape => shape.Shape.Kind).ToHashSet(StringComparer.Ordinal).Contains;
        _anchors = SearchValues.Create(
            [.. SecretStems.Of(_shapes.Select(shape => shape.Anchor).Where(anchor => anchor != TokenShapes.Short)),
                .. _shapes.Select(shape => shape.Anchor).Where(anchor => anchor == TokenShapes.Short)],
            StringComparison.Ordinal);
    }

    internal bool IsIn(ReadOnlySpan<char> text)
    {
        if (text.Contains(Frame, StringComparison.Ordinal))
        {
            return IsIn(text, 0, text.Length) || _backward.IsIn(text, _isKind);
        }

        var mayBeBackward = false;
        var runs = new LongRuns(text, OfTokens, Shortest);
        while (runs.MoveNext())
        {
            if (IsIn(text, runs.Start, runs.End))
            {
                return true;
            }

            mayBeBackward = mayBeBackward || _backward.MayHoldPart(text[runs.Start..runs.End]);
        }

        return mayBeBackward && _backward.IsIn(text, _isKind);
    }

    private bool IsIn(ReadOnlySpan<char> text, int start, int end)
    {
        for (var at = start; at < end && text[at..end].IndexOfAny(_anchors) is var next and >= 0; at++)
        {
            at += next;
            foreach (var (anchor, shape) in _shapes)
            {
                if (text[at..].StartsWith(anchor, StringComparison.Ordinal) && shape.Match(text, at, anchor.Length).Length > 0)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
