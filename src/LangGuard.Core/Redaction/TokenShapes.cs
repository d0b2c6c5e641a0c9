using System.Buffers;

namespace LangGuard.Redaction;

/// <summary>Tokens with a fixed beginning: the beginning, the characters that may follow, and how many there must be.</summary>
internal static class TokenShapes
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> Alphanumeric = SearchValues.Create(Letters + "0123456789");
    private static readonly SearchValues<char> UpperAlphanumeric =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> Word = SearchValues.Create(Letters + "0123456789_-");
    private static readonly SearchValues<char> Dotted = SearchValues.Create(Letters + "0123456789_-.~+/=%");

    private static readonly SearchValues<char> Address = SearchValues.Create(Letters + "0123456789_-.~+/=%@");

    /// <summary>The one beginning of fewer than three letters.</summary>
    internal const string Short = "Q~";

    internal static IEnumerable<(string Prefix, SecretMatcher Shape)> All
    {
        get
        {
            foreach (var prefix in new[] { "AKIA", "ASIA", "ABIA", "ACCA" })
            {
                yield return Token(prefix, "aws-access-key", UpperAlphanumeric, 16);
            }

            foreach (var prefix in new[] { "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_" })
            {
                yield return Token(prefix, "github-token", Word, 22);
            }

            foreach (var prefix in new[] { "glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "gloas-", "glft-", "glffct-", "glagent-" })
            {
                yield return Token(prefix, "gitlab-token", Word, 16);
            }

            foreach (var prefix in new[] { "xoxb-", "xoxa-", "xoxp-", "xoxr-", "xoxs-", "xoxe-", "xoxe.", "xoxo-", "xoxc-", "xoxd-", "xapp-" })
            {
                yield return Token(prefix, "slack-token", Dotted, 10);
            }

            foreach (var prefix in new[] { "hooks.slack.com/services/", "hooks.slack.com/workflows/", "hooks.slack.com/triggers/" })
            {
                yield return Token(prefix, "slack-webhook", Dotted, 16);
            }

            yield return Token("discord.com/api/webhooks/", "webhook", Dotted, 40);
            yield return Token("discordapp.com/api/webhooks/", "webhook", Dotted, 40);
            yield return Token(".webhook.office.com/webhookb2/", "webhook", Address, 40);
            foreach (var prefix in new[] { "sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_" })
            {
                yield return Token(prefix, "stripe-key", Dotted, 16);
            }

            yield return Token("AIza", "google-key", Word, 35);
            yield return Token("ya29.", "google-token", Dotted, 20);
            yield return Token("GOCSPX-", "google-client-secret", Word, 20);
            foreach (var prefix in new[] { "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-" })
            {
                yield return Token(prefix, "openai-key", Word, 20);
            }

            yield return Token("sk-ant-", "anthropic-key", Word, 20);
            yield return Token("sk-or-v1-", "openrouter-key", Hex, 32);
            yield return Token("sk-", "api-key", Alphanumeric, 32, atWordStart: true);
            yield return Token("npm_", "npm-token", Alphanumeric, 36);
            yield return Token("pypi-", "pypi-token", Word, 50);
            yield return Token("dckr_pat_", "docker-token", Word, 20);
            yield return Token("dckr_oat_", "docker-token", Word, 20);
            yield return Token("hf_", "hugging-face-token", Alphanumeric, 30);
            yield return Token("SG.", "sendgrid-key", Dotted, 60);
            foreach (var prefix in new[] { "dop_v1_", "doo_v1_", "dor_v1_" })
            {
                yield return Token(prefix, "digitalocean-token", Hex, 40);
            }

            foreach (var prefix in new[] { "shpat_", "shpss_", "shppa_", "shpca_" })
            {
                yield return Token(prefix, "shopify-token", Hex, 32);
            }

            foreach (var prefix in new[] { "hvs.", "hvb.", "hvr." })
            {
                yield return Token(prefix, "vault-token", Word, 24);
            }

            yield return Token("ATATT3", "atlassian-token", Dotted, 50);
            yield return Token("ATCTT3", "atlassian-token", Dotted, 50);
            yield return Token("ATBB", "atlassian-token", Alphanumeric, 32, atWordStart: true);
            yield return Token("HRKU-", "heroku-key", Word, 36);
            yield return Token("NRAK-", "new-relic-key", UpperAlphanumeric, 27);
            yield return Token("NRJS-", "new-relic-key", Hex, 19);
            yield return Token("NRII-", "new-relic-key", Word, 32);
            yield return Token("key-", "mailgun-key", Hex, 32, atWordStart: true);
            yield return Token("dapi", "databricks-token", Hex, 32, atWordStart: true);
            yield return Token("rubygems_", "rubygems-key", Hex, 48);
            yield return Token("r8_", "replicate-token", Alphanumeric, 37, atWordStart: true);
            yield return Token("sq0atp-", "square-token", Word, 22);
            yield return Token("sq0csp-", "square-token", Word, 22);
            yield return Token("PMAK-", "postman-key", Word, 50);
            yield return Token("1//0", "google-token", Word, 40, atWordStart: true);
            yield return (".atlasv1.", new SecretMatcher("terraform-token", true, Terraform));
            yield return Token("glsa_", "grafana-token", Word, 32);
            yield return Token("gsk_", "groq-key", Alphanumeric, 40);
            yield return Token("xai-", "xai-key", Alphanumeric, 40);
            yield return Token("lin_api_", "linear-key", Alphanumeric, 32);
            yield return Token("figd_", "figma-token", Word, 32);
            yield return Token("oy2", "nuget-key", Alphanumeric, 43, atWordStart: true);
            yield return Token("AGE-SECRET-KEY-1", "private-key", UpperAlphanumeric, 40);
            yield return Token("AccountKey=", "azure-key", Dotted, 40, hidePrefix: false);
            yield return Token("SharedAccessKey=", "azure-key", Dotted, 40, hidePrefix: false);
            yield return Token("SharedAccessSignature=", "azure-signature", Dotted, 40, hidePrefix: false);
            yield return Token("&sig=", "azure-signature", Dotted, 40, hidePrefix: false);
            yield return Token("?sig=", "azure-signature", Dotted, 40, hidePrefix: false);
            yield return Token("X-Amz-Signature=", "aws-signature", Hex, 40, hidePrefix: false);
            yield return Token("X-Goog-Signature=", "link-signature", Hex, 40, hidePrefix: false);
            yield return Token("&Signature=", "link-signature", Dotted, 26, hidePrefix: false);
            yield return Token("?Signature=", "link-signature", Dotted, 26, hidePrefix: false);
            yield return Token("tempauth=", "link-signature", Dotted, 40, hidePrefix: false);
            yield return (Short, new SecretMatcher("azure-client-secret", true, AzureClientSecret));
        }
    }

    private static (string Prefix, SecretMatcher Shape) Token(
        string prefix, string kind, SearchValues<char> follow, int least, bool atWordStart = false, bool hidePrefix = true) =>
        (prefix, new SecretMatcher(kind, caseSensitive: true, (text, at, anchor) =>
        {
            if (atWordStart && at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]))
            {
                return SecretMatch.None;
            }

            var end = Run(text, at + anchor, follow);
            return end - (at + anchor) >= least
                ? SecretMatch.At(hidePrefix ? at : at + anchor, end)
                : SecretMatch.None;
        }));

    /// <summary>Three characters, a digit, <c>Q~</c> and at least 31 more.</summary>
    private static SecretMatch AzureClientSecret(ReadOnlySpan<char> text, int at, int anchorLength)
    {
        if (at < 4 || !char.IsAsciiDigit(text[at - 1]))
        {
            return SecretMatch.None;
        }

        var end = Run(text, at + anchorLength, Dotted);
        return end - at - anchorLength >= 31 ? SecretMatch.At(at - 4, end) : SecretMatch.None;
    }

    /// <summary>Fourteen characters, <c>.atlasv1.</c> and at least 60 more.</summary>
    private static SecretMatch Terraform(ReadOnlySpan<char> text, int at, int anchorLength)
    {
        const int Before = 14;
        var end = Run(text, at + anchorLength, Word);
        return at >= Before && !text[(at - Before)..at].ContainsAnyExcept(Alphanumeric) && end - at - anchorLength >= 60
            ? SecretMatch.At(at - Before, end)
            : SecretMatch.None;
    }

    internal static int Run(ReadOnlySpan<char> text, int from, SearchValues<char> of)
    {
        var length = text[from..].IndexOfAnyExcept(of);
        return length < 0 ? text.Length : from + length;
    }
}
