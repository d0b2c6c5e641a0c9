using System.Text;
using LangGuard.Redaction;

namespace LangGuard.Misuse;

/// <summary>The rule for redirects: what a server sends the guard to holds what that server knows, which the agent has not even seen.
/// It is the agent's all the same when the agent said where to, or when what the agent said comes out at another site.</summary>
internal sealed partial class UntrustedContentLayer
{
    private const int ShortestEcho = 4;

    private static bool IsChosenByAgent(HttpOperation http) =>
        http.AskedFor is not { } asked || (!IsSameOrigin(http, asked) && SaysOf(asked, http.Host));

    private static bool IsSameOrigin(HttpOperation http, HttpOperation other) =>
        string.Equals(http.Origin, other.Origin, StringComparison.Ordinal);

    /// <summary>Whether the agent's request names a host in a free part, in whatever encoding.</summary>
    private static bool SaysOf(HttpOperation asked, string host)
    {
        var said = TextOf(asked);
        return said.Contains(host, StringComparison.OrdinalIgnoreCase)
            || EncodedText.In(said, reading => reading.Contains(host, StringComparison.OrdinalIgnoreCase) ? "host" : null) is not null;
    }

    /// <summary>Whether a word of the agent's request comes out in the query for another site that does not know it.</summary>
    private bool EchoesForeign(HttpOperation http, Provenance provenance)
    {
        var asked = http.AskedFor!;
        if (http.Query.IsEmpty || IsSameOrigin(http, asked))
        {
            return false;
        }

        var said = new TokenSet(int.MaxValue);
        var text = TextOf(asked);
        said.AddAll(text);
        said.AddAll(PlainReading.Of(text)?.Text);
        var plain = PlainReading.Of(http.Query.ToString())?.Text ?? http.Query.ToString();
        ReadOnlySpan<char> rest = plain;
        var wording = default(Wording);
        while (TokenSet.Next(ref rest, out var token))
        {
            if (token.Length >= ShortestEcho && said.Contains(TokenSet.Hash(token)) && !provenance.IsKnownTo(http.Origin, token, _ruleWords, ref wording))
            {
                return true;
            }
        }

        return false;
    }

    private static string TextOf(HttpOperation http)
    {
        var text = new StringBuilder().Append(http.PathAndQuery).Append('\n');
        foreach (var (_, values) in http.Headers)
        {
            text.AppendJoin('\n', values).Append('\n');
        }

        return text.Append(Encoding.UTF8.GetString(http.Body.Span)).ToString();
    }
}
