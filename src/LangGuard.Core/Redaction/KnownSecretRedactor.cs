using System.Buffers;
using System.Collections.Frozen;

namespace LangGuard.Redaction;

/// <summary>Finds the shapes of well-known secrets: vectorised searches for their beginnings, then one bounded look
/// forward. No expression ever backtracks.</summary>
internal sealed class KnownSecretRedactor : Redactor
{
    private const string Private = "private-key";

    private static readonly Dictionary<string, SecretMatcher> Matchers = Build();

    // Apart, because a search for few beginnings of three and more letters looks at many places at once and stops at few in vain.
    private static readonly SearchValues<string> Exact = Anchors(half: 0);
    private static readonly SearchValues<string> MoreExact = Anchors(half: 1);
    private static readonly SearchValues<string> AnyCase = SearchValues.Create(Stems(isExact: false), StringComparison.OrdinalIgnoreCase);

    private static readonly ReversedSecrets Backward = new(Matchers);

    private static readonly FrozenDictionary<char, string[]> ByFirst = Matchers.Keys
        .GroupBy(anchor => char.ToLowerInvariant(anchor[0]))
        .ToFrozenDictionary(group => group.Key, group => group.OrderByDescending(anchor => anchor.Length).ToArray());

    /// <summary>Whether a look is worth it: some shape may begin in the text.</summary>
    internal static bool MayHold(ReadOnlySpan<char> text) =>
        text.ContainsAny(Exact) || text.ContainsAny(MoreExact) || text.ContainsAny(AnyCase) || text.Contains(TokenShapes.Short, StringComparison.Ordinal);

    /// <summary>A search for only some of the shapes.</summary>
    internal static KnownSecretSearch Search(Predicate<string> kind) => new(Matchers.Where(shape => kind(shape.Value.Kind)), Backward);

    public override void Find(ReadOnlySpan<char> text, SecretSpans found)
    {
        ArgumentNullException.ThrowIfNull(found);
        FindForward(text, found);
        Backward.Find(text, found);
    }

    internal static void FindForward(ReadOnlySpan<char> text, SecretSpans found)
    {
        var at = 0;
        var (exact, more, anyCase, brief) = (-1, -1, -1, -1);
        while (at < text.Length)
        {
            exact = exact >= at ? exact : Next(text, at, text[at..].IndexOfAny(Exact));
            more = more >= at ? more : Next(text, at, text[at..].IndexOfAny(MoreExact));
            anyCase = anyCase >= at ? anyCase : Next(text, at, text[at..].IndexOfAny(AnyCase));
            brief = brief >= at ? brief : Next(text, at, text[at..].IndexOf(TokenShapes.Short, StringComparison.Ordinal));
            at = Math.Min(Math.Min(exact, more), Math.Min(anyCase, brief));
            if (at < text.Length)
            {
                at = Math.Max(at + 1, Match(text, at, found));
            }
        }
    }

    private static int Next(ReadOnlySpan<char> text, int at, int found) => found < 0 ? text.Length : at + found;

    private static SearchValues<string> Anchors(int half) => SearchValues.Create(
        [.. Stems(isExact: true).Order(StringComparer.Ordinal).Where((_, i) => i % 2 == half)], StringComparison.Ordinal);

    /// <summary>What is looked for. A beginning that another search meets anyway is not looked for twice.</summary>
    internal static string[] Stems(bool isExact)
    {
        var anyCase = SecretStems.Of(Matchers.Where(pair => !pair.Value.CaseSensitive).Select(pair => pair.Key));
        return !isExact ? anyCase : SecretStems.Of(Matchers
            .Where(pair => pair.Value.CaseSensitive && pair.Key != TokenShapes.Short)
            .Select(pair => pair.Key)
            .Where(anchor => !anyCase.Any(stem => anchor.StartsWith(stem, StringComparison.OrdinalIgnoreCase))));
    }

    /// <summary>Tries every anchor that stands here, the longest first. Returns the end of what was found.</summary>
    private static int Match(ReadOnlySpan<char> text, int at, SecretSpans found)
    {
        foreach (var anchor in ByFirst[char.ToLowerInvariant(text[at])])
        {
            if (!text[at..].StartsWith(anchor, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var matcher = Matchers[anchor];
            if (matcher.CaseSensitive && !text[at..].StartsWith(anchor, StringComparison.Ordinal))
            {
                continue;
            }

            var match = matcher.Match(text, at, anchor.Length);
            if (match.Length > 0)
            {
                found.Add(match.Start, match.Length, matcher.Kind);
                return match.Start + match.Length;
            }
        }

        return at;
    }

    private static Dictionary<string, SecretMatcher> Build()
    {
        var matchers = new Dictionary<string, SecretMatcher>(StringComparer.Ordinal);
        foreach (var (prefix, shape) in TokenShapes.All)
        {
            matchers.Add(prefix, shape);
        }

        Add("-----BEGIN", new SecretMatcher(Private, true, KeyShapes.Pem));
        Add("-----END", new SecretMatcher(Private, true, KeyShapes.PemEnd));
        Add("---- BEGIN SSH2", new SecretMatcher(Private, true, KeyShapes.Pem));
        Add("PuTTY-User-Key-File-", new SecretMatcher(Private, true, KeyShapes.ToEnd));
        Add("b3BlbnNzaC1rZXktdjE", new SecretMatcher(Private, true, KeyShapes.Body64));
        Add("ADANBgkqhkiG9w0BAQEFAASC", new SecretMatcher(Private, true, KeyShapes.Body64));
        Add("AIBAAKCA", new SecretMatcher(Private, true, KeyShapes.Body64));
        Add("eyJ", new SecretMatcher("jwt", true, HeaderShapes.Jwt));
        Add("authorization", new SecretMatcher("authorization-header", false, HeaderShapes.Authorization));
        foreach (var header in HeaderShapes.Keys)
        {
            Add(header, new SecretMatcher("authorization-header", false, HeaderShapes.ApiKey));
        }

        Add("cookie:", new SecretMatcher("cookie", false, HeaderShapes.Cookie));
        Add(" -u ", new SecretMatcher("password", false, AssignedSecrets.Login));
        Add("--user ", new SecretMatcher("password", false, AssignedSecrets.Login));
        Add("\"auth\"", new SecretMatcher("registry-login", false, HeaderShapes.Login));
        Add("bearer ", new SecretMatcher("bearer-token", false, HeaderShapes.Bearer));
        Add("://", new SecretMatcher("url-password", true, SettingShapes.UrlPassword));
        foreach (var word in SettingShapes.Words)
        {
            Add(word, new SecretMatcher("password", false, SettingShapes.Setting));
        }

        return matchers;

        void Add(string anchor, SecretMatcher matcher) => matchers.Add(anchor, matcher);
    }
}
