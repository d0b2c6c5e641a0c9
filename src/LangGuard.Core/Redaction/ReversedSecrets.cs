using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Secrets of known shape that are written backwards. Only shapes that need no word before them.</summary>
internal sealed class ReversedSecrets
{
    /// <summary>The shortest token: its beginning and what has to follow.</summary>
    private const int Shortest = 15;

    private const int MostTogether = 24;

    private static readonly SearchValues<char> OfTokens =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~+/=%");

    private static readonly HashSet<string> Ordinary = new(StringComparer.Ordinal)
    {
        "password", "url-password", "authorization-header", "bearer-token", "cookie", "registry-login", "azure-signature",
        "aws-signature", "link-signature",
    };

    private static readonly string Short = Reverse(TokenShapes.Short);

    // Apart, because a search for few beginnings stops at few places in vain.
    private readonly SearchValues<string>[] _anchors;

    internal ReversedSecrets(IEnumerable<KeyValuePair<string, SecretMatcher>> shapes) =>
        _anchors = [.. SecretStems.Of(shapes.Where(IsMeant).Select(shape => shape.Key)).Select(Reverse)
            .Order(StringComparer.Ordinal)
            .Chunk(MostTogether)
            .Select(anchors => SearchValues.Create(anchors, StringComparison.Ordinal))];

    /// <summary>Whether a search is worth it.</summary>
    internal bool MayHold(ReadOnlySpan<char> text)
    {
        var runs = new LongRuns(text, OfTokens, Shortest);
        while (runs.MoveNext())
        {
            var run = text[runs.Start..runs.End];
            if (MayHoldPart(run))
            {
                return true;
            }
        }

        return text.Contains("NIGEB-----", StringComparison.Ordinal) || text.Contains("2HSS NIGEB ----", StringComparison.Ordinal);
    }

    /// <summary>Whether a search is worth it because of this run, which has no frame of a key.</summary>
    internal bool MayHoldPart(ReadOnlySpan<char> run)
    {
        foreach (var anchors in _anchors)
        {
            if (run.ContainsAny(anchors))
            {
                return true;
            }
        }

        return run.Contains(Short, StringComparison.Ordinal);
    }

    internal void Find(ReadOnlySpan<char> text, SecretSpans found)
    {
        if (!MayHold(text))
        {
            return;
        }

        var inside = new SecretSpans(text.Length);
        var rented = ArrayPool<char>.Shared.Rent(text.Length);
        var backward = rented.AsSpan(0, text.Length);
        try
        {
            text.CopyTo(backward);
            backward.Reverse();
            KnownSecretRedactor.FindForward(backward, inside);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented, clearArray: true);
        }

        foreach (var span in inside.Merge())
        {
            if (!Ordinary.Contains(span.Kind))
            {
                found.Add(text.Length - span.End, span.Length, span.Kind);
            }
        }
    }

    internal bool IsIn(ReadOnlySpan<char> text, Predicate<string> kind)
    {
        var found = new SecretSpans(text.Length);
        Find(text, found);
        return found.AnyKind(kind);
    }

    private static bool IsMeant(KeyValuePair<string, SecretMatcher> shape) =>
        shape.Value.CaseSensitive && shape.Key != TokenShapes.Short && !shape.Key.StartsWith('-') && !Ordinary.Contains(shape.Value.Kind);

    private static string Reverse(string text) => new([.. text.Reverse()]);
}
