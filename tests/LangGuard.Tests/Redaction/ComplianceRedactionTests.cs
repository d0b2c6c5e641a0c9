using LangGuard.Redaction;
using ComplianceRedactor = Microsoft.Extensions.Compliance.Redaction.Redactor;

namespace LangGuard.Tests.Redaction;

public sealed class ComplianceRedactionTests
{
    [Fact]
    public void Logs_of_the_host_hide_what_the_policy_hides()
    {
        var redactor = Policy.Create(policy => policy.DefendInDepth(defense => defense.RedactValues("zebra-4417/quartz"))).ToComplianceRedactor();

        redactor.Redact("plain words").Should().Be("plain words");
        foreach (var text in new[] { "say zebra-4417/quartz now", "say " + Convert.ToBase64String("zebra-4417/quartz"u8), "password = hunter2secret9" })
        {
            var hidden = redactor.Redact(text);
            hidden.Should().Contain("langguard redacted");
            hidden.Should().NotContainAny("quartz", "hunter2", Convert.ToBase64String("zebra-4417/quartz"u8));
            redactor.GetRedactedLength(text).Should().Be(hidden.Length);
        }
    }

    [Theory]
    [InlineData("plain words", "plain words")]
    [InlineData("call 555-0199 now", "call [langguard redacted: phone] now")]
    [InlineData("555-0199", "[langguard redacted: phone]")]
    [InlineData("from 555-0199 to 555-0123.", "from [langguard redacted: phone].")]
    public void What_a_redactor_of_the_host_changes_is_hidden_from_models(string text, string shown)
    {
        var redaction = Of(new Phones('#').ToLangGuardRedactor("phone"));
        redaction.Apply(text).Should().Be(shown);
    }

    [Fact]
    public void A_redactor_of_the_host_that_fails_or_erases_shows_nothing()
    {
        Of(new Phones(null).ToLangGuardRedactor()).Apply("call 555-0199").Should().Contain("withheld").And.NotContain("555");
        Of(new Eraser().ToLangGuardRedactor()).Apply("anything").Should().Be("[langguard redacted: classified]");
        Of(new Prefix().ToLangGuardRedactor()).Apply("anything").Should().Be("[langguard redacted: classified]");
    }

    private static TextRedaction Of(Redactor redactor) =>
        TextRedaction.Of(Policy.Create(policy => policy.DefendInDepth(defense => defense.Redact(redactor))));

    /// <summary>Masks numbers of telephones; without a mask it fails.</summary>
    private sealed class Phones(char? mask) : ComplianceRedactor
    {
        public override int GetRedactedLength(ReadOnlySpan<char> input) => input.Length;

        public override int Redact(ReadOnlySpan<char> source, Span<char> destination)
        {
            source.CopyTo(destination);
            for (var at = 0; source[at..].IndexOf("555-") is var next and >= 0; at += next + 8)
            {
                destination.Slice(at + next, 8).Fill(mask ?? throw new InvalidOperationException("555-0199"));
            }

            return source.Length;
        }
    }

    private sealed class Eraser : ComplianceRedactor
    {
        public override int GetRedactedLength(ReadOnlySpan<char> input) => 0;

        public override int Redact(ReadOnlySpan<char> source, Span<char> destination) => 0;
    }

    private sealed class Prefix : ComplianceRedactor
    {
        public override int GetRedactedLength(ReadOnlySpan<char> input) => input.Length + 1;

        public override int Redact(ReadOnlySpan<char> source, Span<char> destination)
        {
            destination[0] = '*';
            source.CopyTo(destination[1..]);
            return source.Length + 1;
        }
    }
}
