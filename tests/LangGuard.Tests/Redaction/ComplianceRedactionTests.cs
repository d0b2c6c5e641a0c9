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
}
