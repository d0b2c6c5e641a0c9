using LangGuard.Redaction;

namespace LangGuard.Tests.Redaction;

/// <summary>Every known shape of a secret, as it is and wrapped.</summary>
public sealed class SecretShapeTests
{
    private const string Value = "zebra-4417/quartz+lantern";

    public static TheoryData<string> Names => [.. Alone.Select(sample => sample.Name)];

    public static TheoryData<string, string> Settings
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (text, secret) in SecretSamples.Settings)
            {
                data.Add(text, secret);
            }

            return data;
        }
    }

    public static TheoryData<string> Wrappings => [.. SecretWrappings.All.Select(wrapping => wrapping.Name)];

    private static IEnumerable<(string Name, string Secret)> Alone => SecretSamples.Tokens.Concat(SecretSamples.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Hides_what_its_shape_tells(string name)
    {
        var secret = Secret(name);
        foreach (var text in new[]
        {
            secret, $"first\n{secret}\nlast", $"{{\"k\":\"{secret.Replace("\n", "\\n", StringComparison.Ordinal)}\"}}",
            $"- k: '{secret}'", $"({secret}),", $"\"{secret}\";",
        })
        {
            TextRedaction.Default.Apply(text).Should().NotContain(Middle(secret));
        }
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Hides_what_the_words_around_it_tell(string text, string secret)
    {
        TextRedaction.Default.Apply(text).Should().NotContain(secret);
        TextRedaction.Default.Apply("first\n" + text + "\nlast").Should().NotContain(secret).And.StartWith("first\n");
    }

    [Theory]
    [MemberData(nameof(Wrappings))]
    public void Hides_every_shape_wrapped(string wrapping)
    {
        var wrap = SecretWrappings.All.Single(one => one.Name == wrapping).Wrap;
        var shown = Alone.Where(sample => IsShown(TextRedaction.Default, wrap(sample.Secret))).Select(sample => sample.Name);

        shown.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Wrappings))]
    public void Hides_a_configured_value_wrapped(string wrapping)
    {
        var wrap = SecretWrappings.All.Single(one => one.Name == wrapping).Wrap;
        var redaction = new TextRedaction([Redactor.KnownSecrets, new ValueRedactor([Value])]);

        IsShown(redaction, wrap(Value)).Should().BeFalse();
        IsShown(TextRedaction.Default, wrap(Value)).Should().BeTrue("nobody told that it is a secret");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Looks_at_many_characters_at_once(bool isExact) =>
        KnownSecretRedactor.Stems(isExact).Should().HaveCountLessThanOrEqualTo(80).And.OnlyContain(stem => stem.Length >= 3);

    private static bool IsShown(TextRedaction redaction, string wrapped) =>
        redaction.Apply($"first {wrapped} last").Contains(Middle(wrapped), StringComparison.Ordinal);

    private static string Secret(string name) => Alone.Single(sample => sample.Name == name).Secret;

    /// <summary>A piece from the middle: the two ends may stay.</summary>
    private static string Middle(string text) => text.Substring((text.Length / 2) - 5, 10);
}
