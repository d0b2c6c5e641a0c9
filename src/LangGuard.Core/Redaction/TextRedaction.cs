using System.Text;
using LangGuard.Ablation;

namespace LangGuard.Redaction;

/// <summary>Replaces what its redactors find by marks. Fails closed: when a redactor fails, nothing is shown.</summary>
internal sealed class TextRedaction(IReadOnlyList<Redactor> redactors)
{
    internal static readonly TextRedaction Default = new([Redactor.KnownSecrets]);
    private static readonly TextRedaction None = new([]);

    private readonly Redactor[] _redactors = [.. redactors];
    private SecretSpans? _spare;

    /// <summary>Whether no redactor is the host's own.</summary>
    internal bool IsBuiltIn { get; } = redactors.All(redactor => redactor is KnownSecretRedactor or ValueRedactor);

    internal static TextRedaction Of(Policy policy) =>
        policy.Dependencies.Off.Has(Wall.Redaction) ? None
        : policy.Dependencies.Get<RedactorSet>()?.Redaction ?? Default;

    /// <summary>The same string when there is nothing to hide.</summary>
    internal string Apply(string text) => Apply(text, text.Length);

    /// <summary>Looks at the whole text and returns what begins before <paramref name="show"/>, so that a secret which
    /// the limit cuts in two is still seen.</summary>
    internal string Apply(string text, int show)
    {
        if (text.Length == 0)
        {
            return text;
        }

        var found = Interlocked.Exchange(ref _spare, null) ?? new SecretSpans(0);
        found.Begin(text.Length);
        try
        {
            Look(text, found);
            LookDeeper(text, found);
        }
        catch (Exception)
        {
            // What could not be looked at is not shown.
            return ResultMarker.Withheld("a redactor failed");
        }

        var result = found.Count == 0 ? Cut(text, show) : Replace(text, found.Merge(), show);
        if (IsBuiltIn)
        {
            // One of the host's might hold on to it.
            _spare = found;
        }

        return result;
    }

    private void Look(string text, SecretSpans found)
    {
        foreach (var redactor in _redactors)
        {
            redactor.Find(text, found);
        }
    }

    /// <summary>Looks at what the text says without its escapes, and at what its encoded runs say.</summary>
    private void LookDeeper(string text, SecretSpans found)
    {
        var plain = PlainReading.Of(text);
        if (plain is not null || EncodedText.HasRuns(text))
        {
            LookDeeper(text, plain, found);
        }
    }

    // Apart, so that ordinary text makes no closure.
    private void LookDeeper(string text, PlainReading? plain, SecretSpans found)
    {
        var reading = plain?.Text ?? text;
        var inside = new SecretSpans(reading.Length);
        if (plain is not null)
        {
            Look(reading, inside);
        }

        EncodedText.Find(reading, Holds, (start, length, kind) =>
        {
            inside.Add(start, length, kind);
            return true;
        });
        foreach (var span in inside.Merge())
        {
            var (start, end) = plain?.Original(span.Start, span.End) ?? (span.Start, span.End);
            found.Add(start, end - start, span.Kind);
        }
    }

    /// <summary>Inside an encoding a word before a value is ordinary: cursors and states are made of such.</summary>
    private string? Holds(string text)
    {
        var found = new SecretSpans(text.Length);
        Look(text, found);
        return found.FirstKind(static kind => kind is not ("password" or "url-password" or "azure-signature" or "aws-signature" or "link-signature"
            or "cookie"));
    }

    private static string Cut(string text, int show) => show >= text.Length ? text : text[..show];

    private static string Replace(string text, ReadOnlySpan<SecretSpan> spans, int show)
    {
        var result = new StringBuilder(Math.Min(text.Length, show) + 64);
        var from = 0;
        foreach (var span in spans)
        {
            if (span.Start >= show)
            {
                break;
            }

            result.Append(text, from, span.Start - from).Append(ResultMarker.Redacted(span.Kind));
            from = span.End;
        }

        if (from < show)
        {
            result.Append(text, from, show - from);
        }

        return result.ToString();
    }
}
