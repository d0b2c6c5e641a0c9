using LangGuard.Redaction;

namespace LangGuard.Tests.Redaction;

public sealed class KnownSecretRedactorTests
{
    private const string Filler = "q7Rt2LmZ9xKc4VbN8sPd1WfH6yGj3TaE5uQoYiXr0BnMkJhGf7Dc";

    private const string Digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    // Each is put together here, so that no scanner of repositories takes it for a real one.
    public static TheoryData<string, string> Secrets => new()
    {
        { "AKIA" + "IOSFODNN7EXAMPLE", "aws-access-key" },
        { "ghp" + "_" + Filler[..36], "github-token" },
        { "github" + "_pat_" + Filler, "github-token" },
        { "glpat" + "-" + Filler[..20], "gitlab-token" },
        { "xox" + "b-123456789012-" + Filler[..24], "slack-token" },
        { "sk" + "_live_" + Filler[..24], "stripe-key" },
        { "AI" + "za" + Filler[..35], "google-key" },
        { "sk" + "-proj-" + Filler, "openai-key" },
        { "sk" + "-ant-api03-" + Filler, "anthropic-key" },
        { "sk" + "-" + Filler[..48], "api-key" },
        { "npm" + "_" + Filler[..36], "npm-token" },
        { "hf" + "_" + Filler[..34], "hugging-face-token" },
        { "hvs" + "." + Filler[..28], "vault-token" },
        { "abc8Q" + "~" + Filler[..34], "azure-client-secret" },
        { "eyJhbGciOiJIUzI1NiJ9." + Filler[..30] + "." + Filler[..43], "jwt" },
    };

    public static TheoryData<string, string> Settings => new()
    {
        { "Server=db;Database=shop;User Id=app;Password=hunter2;Encrypt=true", "hunter2" },
        { "Host=db;Username=app;Password='pa;ss word'", "pa;ss word" },
        { "Data Source=x; Pwd = s3cret ;", "s3cret" },
        { "postgres://app:hunter2@db.internal/shop", "hunter2" },
        { "redis://:hunter2@cache:6379", "hunter2" },
        { "DB_PASSWORD=hunter2", "hunter2" },
        { "export GITHUB_TOKEN=abcdef", "abcdef" },
        { "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
        { "{\"client_secret\": \"correct horse battery\"}", "correct horse battery" },
        { "{\\\"password\\\":\\\"hunter2\\\"}", "hunter2" },
        { "spring.datasource.password=S3cr3t!", "S3cr3t!" },
        { "  api_key: 9f8e7d6c5b4a", "9f8e7d6c5b4a" },
        { "Authorization: Bearer abc123def456ghi789", "abc123def456ghi789" },
        { "authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz" },
        { "curl -H 'X-Api-Key: 0123456789abcdef'", "0123456789abcdef" },
        { "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + Filler + "==", Filler },
        { "https://a.blob.test/c?sv=2024&sig=" + Filler + "%3D", Filler },
        { "https://b.test/o?X-Amz-Expires=60&X-Amz-Signature=" + Digest, Digest },
        { "https://b.test/o?X-Goog-Expires=60&X-Goog-Signature=" + Digest + Digest, Digest },
        { "https://b.test/o?AWSAccessKeyId=x&Expires=1&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv4%3D", "vjbyPxybdZ" },
        { "https://cdn.test/o?Signature=" + Filler + "~" + Filler + "&Key-Pair-Id=x", Filler },
        { "https://files.test/_layouts/download.aspx?UniqueId=1&tempauth=v1." + Filler, Filler },
    };

    public static TheoryData<string> Ordinary => new()
    {
        "The password must have at least 8 characters.",
        "password = AskUser(\"Password?\")",
        "public string Password { get; set; }",
        "const token = await next();",
        "interface Login { password: string; token: string }",
        "if (password == other.password) return secret;",
        "task-management-system-for-enterprise-users-and-their-teams",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ user@host",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIE\n-----END CERTIFICATE-----",
        "{\"next_token\": \"page2\", \"token\": \"cursor-12\", \"items\": []}",
        "DB_PASSWORD=${DB_PASSWORD}",
        "https://user@example.test/path and https://example.test:8443/a@b",
        "sha256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        "id 01890a5d-ac96-774b-bcce-b302099a8057 and eyJ is how a token begins",
        "Bearer tokens are sent in the Authorization header.",
        "https://docs.test/sign?Signature=required&Name=Ada and public Signature=new Signature();",
        "SELECT name, secret_santa FROM staff WHERE token_count = 5",
    };

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Hides_tokens_of_well_known_services(string secret, string kind)
    {
        foreach (var text in new[] { secret, $"key={secret}\n", $"x{{\"k\":\"{secret}\"}}", $"('{secret}')", $"{secret}, and" })
        {
            var shown = TextRedaction.Default.Apply(text);
            shown.Should().NotContain(secret).And.NotContain(secret[^12..]);
        }

        TextRedaction.Default.Apply($"a {secret} b").Should().Be($"a [langguard redacted: {kind}] b");
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Hides_the_value_of_a_secret_setting(string text, string secret) =>
        TextRedaction.Default.Apply("first\n" + text + "\nlast").Should().NotContain(secret).And.StartWith("first\n").And.EndWith("last");

    [Theory]
    [MemberData(nameof(Ordinary))]
    public void Leaves_ordinary_text_alone(string text) => TextRedaction.Default.Apply(text).Should().BeSameAs(text);

    [Theory]
    [InlineData("RSA PRIVATE KEY")]
    [InlineData("PRIVATE KEY")]
    [InlineData("OPENSSH PRIVATE KEY")]
    [InlineData("ENCRYPTED PRIVATE KEY")]
    [InlineData("PGP PRIVATE KEY BLOCK")]
    public void Hides_a_private_key_whole_cut_or_escaped(string header)
    {
        var body = string.Join('\n', Enumerable.Repeat(Filler + Filler[..12], 20));
        var key = $"-----BEGIN {header}-----\n{body}\n-----END {header}-----";
        foreach (var text in new[]
        {
            key, $"a\n{key}\nb", key.Replace("\n", "\\n", StringComparison.Ordinal), key[..(key.Length / 2)],
            key[(key.Length / 2)..], "{\"key\":\"" + key.Replace("\n", "\\n", StringComparison.Ordinal) + "\"}",
        })
        {
            TextRedaction.Default.Apply(text).Should().NotContain(Filler[..12]);
        }

        TextRedaction.Default.Apply($"a\n{key}\nb").Should().Be("a\n[langguard redacted: private-key]\nb");
    }

    [Theory]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("eyJeyJ")]
    [InlineData("eyJ.")]
    [InlineData("0Q~")]
    [InlineData("Q~Q~")]
    [InlineData("password=")]
    [InlineData("PASSWORD=a;host=")]
    [InlineData("://a:")]
    [InlineData("authorization:")]
    [InlineData("-----END PRIVATE KEY")]
    [InlineData("sk-sk-")]
    [InlineData("b3BlbnNzaC1rZXktdjE")]
    [InlineData("secretsecret")]
    public async Task Takes_linear_time_on_hostile_text(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 2_000_000 / part.Length));

        // Quadratic work on two million characters would take hours, on any machine.
        await Task.Run(() => TextRedaction.Default.Apply(text)).WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void A_redactor_that_fails_shows_nothing() =>
        new TextRedaction([new Failing()]).Apply("anything").Should().Be("[langguard withheld: a redactor failed]");

    private sealed class Failing : Redactor
    {
        public override void Find(ReadOnlySpan<char> text, SecretSpans found) => throw new InvalidOperationException("no");
    }
}
