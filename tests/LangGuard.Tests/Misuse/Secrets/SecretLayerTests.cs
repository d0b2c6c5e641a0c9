using System.Text;
using System.Text.Json;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Misuse.Secrets;

public sealed class SecretLayerTests
{
    private const string Value = "correct-horse-7";
    private const string Token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";

    private static readonly GuardSession Session = GuardSession.Create(
        Policy.Create(policy => policy
            .AddLayer(TestLayer.AllowAll())
            .DefendInDepth(defense => defense.RedactValues(Value))),
        Operations.Alice);

    public static TheoryData<string> Hidden => new()
    {
        Value,
        Token,
        $"see {Token}.",
        $"password={Token}",
        $"Authorization: Bearer {Token}",
        $"https://user:{Token}@api.test/",
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Value)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("x" + Token)),
        Convert.ToHexString(Encoding.UTF8.GetBytes(Token)),
        Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Value)),
        new string([.. Value.Reverse()]),
        string.Concat(Token.Select(c => $"%{(int)c:x2}")),
        "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
    };

    [Theory]
    [MemberData(nameof(Hidden))]
    public void A_secret_does_not_leave_in_an_argument(string text) =>
        RuleOf(Effects.Send, new { body = text }).Should().Be("secrets.outgoing");

    [Fact]
    public void A_secret_does_not_leave_in_a_name_or_deep_inside() =>
        RuleOf(Effects.Send, new { list = new[] { new Dictionary<string, string> { [Token] = "x" } } }).Should().Be("secrets.outgoing");

    [Theory]
    [InlineData("the password policy asks for ten characters")]
    [InlineData("https://api.test/v1/orders?page=2&sig=short")]
    [InlineData("c29tZSBvcmRpbmFyeSB0ZXh0IHdpdGggbm90aGluZyBpbiBpdA==")]
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c3301")]
    public void Ordinary_text_leaves(string text) => RuleOf(Effects.Send, new { body = text }).Should().BeNull();

    [Fact]
    public void What_only_reads_sends_nothing() => RuleOf(Effects.Read, new { body = Token }).Should().BeNull();

    private static string? RuleOf(Effects effects, object arguments) =>
        Session.Policy.Decide(
            new FunctionOperation(Operations.Alice, effects, "f", JsonSerializer.SerializeToElement(arguments)), Session).Reason?.Rule;
}
