using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using LangGuard.Http;

namespace LangGuard.Permissions;

/// <summary>
/// Reads one rule text: <c>[allow|deny] [METHODS] scheme://host[:port]/path clause*</c>. Methods default to GET and HEAD,
/// the scheme is always stated.
/// </summary>
internal static class HttpRuleParser
{
    private const int MaxLength = 16 * 1024;

    private const string MethodNames = "methods such as 'GET,POST', or '*read', '*write', '*delete' or '*'";

    /// <exception cref="HttpRuleSyntaxException">The text has no meaning.</exception>
    public static HttpRule Parse(string name, string text, HttpBodyRule? body = null)
    {
        var reader = new HttpRuleReader(text);
        if (text.Length > MaxLength || text.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            throw reader.Expected($"at most {MaxLength} characters and no line breaks or control characters");
        }

        var word = reader.Read("a rule such as 'GET https://api.example.com/v1/**'");
        var isDeny = word == "deny";
        if (isDeny || word == "allow")
        {
            word = reader.Read("methods or a URL");
        }

        var verbs = isDeny ? HttpVerbs.All : HttpVerbs.Get | HttpVerbs.Head;
        if (!word.Contains("://", StringComparison.Ordinal))
        {
            verbs = ParseVerbs(word, reader);
            word = reader.Read("a URL such as 'https://api.example.com/v1/**'");
        }

        if (isDeny && body is not null)
        {
            throw reader.Expected("no rule about the body: a deny rule denies the whole endpoint");
        }

        var draft = new HttpRuleDraft { IsDeny = isDeny, Body = body };
        var (isHttps, host, port, path) = ParseUrl(word, isDeny, reader);
        draft.Host = host;
        HttpRuleClauses.Parse(reader, draft);
        return new HttpRule
        {
            Name = name,
            Text = text,
            IsDeny = isDeny,
            Verbs = verbs,
            IsHttps = isHttps,
            Host = host,
            Port = port,
            Path = path,
            Query = draft.Query ?? QueryRule.None,
            Headers = draft.Headers ?? HeaderRule.None,
            Body = draft.Body,
            CredentialBinding = draft.CredentialBinding,
            Grant = new HttpGrant(
                name,
                HttpBodyClauses.Limit(draft.Limits, draft.Body),
                draft.PrivateNetworks,
                draft.CredentialBinding,
                draft.Trusted),
        };
    }

    private static HttpVerbs ParseVerbs(string word, HttpRuleReader reader)
    {
        var verbs = HttpVerbs.None;
        var offset = 0;
        foreach (var item in word.Split(','))
        {
            verbs |= item switch
            {
                "*" => HttpVerbs.All,
                "*read" => HttpVerbs.Read,
                "*write" => HttpVerbs.Write,
                "*delete" => HttpVerbs.Delete,
                _ when HttpVerbNames.Parse(item) is var verb and not HttpVerbs.None => verb,
                _ => throw reader.ExpectedAt(offset, MethodNames),
            };
            offset += item.Length + 1;
        }

        return verbs;
    }

    private static (bool IsHttps, HostPattern Host, int Port, PathTemplate Path) ParseUrl(
        string word, bool isDeny, HttpRuleReader reader)
    {
        var isHttps = word.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isHttps && !word.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            throw reader.Expected("'https://' or 'http://'");
        }

        var start = isHttps ? 8 : 7;
        var slash = word.IndexOf('/', start);
        if (slash < 0)
        {
            throw reader.ExpectedAt(word.Length, "a path: '/**' grants every path, '/' only the root");
        }

        var authority = word[start..slash];
        var colon = authority.LastIndexOf(':');
        if (colon >= 0 && authority.EndsWith(']'))
        {
            colon = -1;
        }

        var port = isHttps ? 443 : 80;
        if (colon >= 0 && (!int.TryParse(
                authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            || port is < 1 or > 65535))
        {
            throw reader.ExpectedAt(start + colon + 1, "a port from 1 to 65535");
        }

        var host = HostPattern.Parse(colon < 0 ? authority : authority[..colon], isDeny, out var expected)
            ?? throw reader.ExpectedAt(start, expected);
        return (isHttps, host, port, PathTemplateParser.Parse(word[slash..], slash, isDeny, reader));
    }
}
