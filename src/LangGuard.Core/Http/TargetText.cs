using System.Buffers;

namespace LangGuard.Http;

/// <summary>Path and query of a URI, as a piece of some text.</summary>
internal readonly struct TargetText
{
    // Bytes that the platform sends as they are written; dots only inside a segment. No '%', which it may decode.
    private static readonly SearchValues<char> SentAsWritten = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~!$&'()*+,;=:@/?");

    private TargetText(string text, int start, int length)
    {
        Text = text;
        Start = start;
        Length = length;
        var question = text.AsSpan(start, length).IndexOf('?');
        PathLength = question < 0 ? length : question;
    }

    public string Text { get; }

    public int Start { get; }

    public int Length { get; }

    public int PathLength { get; }

    public ReadOnlySpan<char> Span => Text.AsSpan(Start, Length);

    /// <summary>
    /// What the platform will send. Where the URI was written in plain characters that is a part of the text it was written
    /// in, and nothing has to be copied.
    /// </summary>
    /// <param name="uri">The URI.</param>
    /// <param name="start">Where the path begins in its original text; negative when it does not say.</param>
    public static TargetText Of(Uri uri, int start)
    {
        var written = uri.OriginalString;
        if (start > 0 && start < written.Length && written[start] == '/'
            && !written.AsSpan(start).ContainsAnyExcept(SentAsWritten) && !HasDotAtEdge(written.AsSpan(start)))
        {
            return new TargetText(written, start, written.Length - start);
        }

        var target = uri.PathAndQuery;
        return new TargetText(target, 0, target.Length);
    }

    private static bool HasDotAtEdge(ReadOnlySpan<char> target) =>
        target.Contains("/.", StringComparison.Ordinal) || target.Contains("./", StringComparison.Ordinal)
        || target.Contains(".?", StringComparison.Ordinal) || target.EndsWith('.');
}
