using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Finds configured values as they are and in the encodings that show in a plain search. What is encoded twice, or packed,
/// is found by <see cref="EncodedText"/>.</summary>
internal sealed class ValueRedactor : Redactor
{
    private readonly SearchValues<string> _exact;
    private readonly SearchValues<string> _anyCase;
    private readonly string[] _exactForms;
    private readonly string[] _anyCaseForms;

    internal ValueRedactor(IEnumerable<string> values)
    {
        var forms = values.Select(value => new EncodedForms(value)).ToList();
        _exactForms = [.. forms.SelectMany(form => form.Exact).Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];
        _anyCaseForms = [.. forms.SelectMany(form => form.AnyCase).Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(form => form.Length)];
        _exact = SearchValues.Create(_exactForms, StringComparison.Ordinal);
        _anyCase = SearchValues.Create(_anyCaseForms, StringComparison.OrdinalIgnoreCase);
    }

    public override void Find(ReadOnlySpan<char> text, SecretSpans found)
    {
        ArgumentNullException.ThrowIfNull(found);
        Find(text, _exact, _exactForms, StringComparison.Ordinal, found);
        Find(text, _anyCase, _anyCaseForms, StringComparison.OrdinalIgnoreCase, found);
    }

    internal bool IsIn(ReadOnlySpan<char> text) => text.ContainsAny(_exact) || text.ContainsAny(_anyCase);

    private static void Find(
        ReadOnlySpan<char> text, SearchValues<string> any, string[] forms, StringComparison comparison, SecretSpans found)
    {
        var at = 0;
        while (at < text.Length && text[at..].IndexOfAny(any) is var next and >= 0)
        {
            at += next;
            foreach (var form in forms)
            {
                if (text[at..].StartsWith(form, comparison))
                {
                    // One character more on each side: the ends of a value in base64 share a character with its neighbours.
                    var start = Math.Max(0, at - 1);
                    var end = Math.Min(text.Length, at + form.Length + 1);
                    var isWhole = start == at || !char.IsAsciiLetterOrDigit(text[start]);
                    start = isWhole ? at : start;
                    end = end > at + form.Length && char.IsAsciiLetterOrDigit(text[end - 1]) ? end : at + form.Length;
                    found.Add(start, end - start, "value");
                    at += form.Length - 1;
                    break;
                }
            }

            at++;
        }
    }
}
