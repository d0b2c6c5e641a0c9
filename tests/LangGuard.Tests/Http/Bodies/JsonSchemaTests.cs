using System.Text;
using LangGuard.Http;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Http.Bodies;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"text"}""", "'type' is one of")]
    [InlineData("""{"type":"string","pattern":"(a)\\1"}""", "linear time")]
    [InlineData("""{"type":"string","pattern":"(?=a)b"}""", "group other than")]
    [InlineData("""{"type":"string","pattern":"(?i)b"}""", "group other than")]
    [InlineData("""{"type":"string","pattern":"[a-z-[aeiou]]"}""", "inside a character class")]
    [InlineData("""{"type":"string","pattern":"a{5000}"}""", "more than 1000 times")]
    [InlineData("""{"type":"string","pattern":"("}""", "malformed")]
    [InlineData("""{"type":"string","format":"shoe-size"}""", "'shoe-size' is not supported")]
    [InlineData("""{"oneOf":[{"type":"string"}]}""", "'oneOf' is not supported")]
    [InlineData("""{"not":{"type":"string"}}""", "'not' is not supported")]
    [InlineData("""{"type":"string","maxlength":3}""", "'maxlength' is not supported")]
    [InlineData("""{"type":"object","patternProperties":{}}""", "'patternProperties' is not supported")]
    [InlineData("""{"$ref":"https://example.com/schema.json"}""", "must stay inside the document")]
    [InlineData("""{"$ref":"other.json#/a"}""", "must stay inside the document")]
    [InlineData("""{"$ref":"#/$defs/missing"}""", "leads nowhere")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}""", "leads nowhere")]
    [InlineData("""{"$ref":"#/$defs/a","maxLength":3,"$defs":{"a":{"type":"string"}}}""", "can say nothing else")]
    [InlineData("""{"type":"object","required":["a"]}""", "'required' is a list of names that are in 'properties'")]
    [InlineData("""{"type":"object","properties":{"a":true,"A":true}}""", "two letter cases")]
    [InlineData("""{"type":"object","properties":{"_method":true}}""", "never granted")]
    [InlineData("""{"type":"object","properties":{"__proto__":true}}""", "never granted")]
    [InlineData("""{"enum":[]}""", "at least one value")]
    [InlineData("""{"enum":[{"a":1}]}""", "take strings, numbers")]
    [InlineData("""{"type":"integer","minimum":"1"}""", "'minimum' is a number")]
    [InlineData("""{"type":"integer","minimum":1,"exclusiveMinimum":2}""", "'exclusiveMinimum' is a number without")]
    [InlineData("""{"type":"string","minLength":-1}""", "not negative")]
    [InlineData("""{"type":"string","type":"object"}""", "has a key twice")]
    [InlineData("""{"type":"string",}""", "not well-formed JSON")]
    [InlineData("false", "is an object, or true")]
    public void Reports_what_it_can_not_enforce(string schema, string problem)
    {
        var errors = new List<string>();

        JsonSchema.TryParse(schema, errors).Should().BeNull();

        errors.Should().Contain(error => error.Contains(problem));
    }

    [Fact]
    public void Reports_all_problems_at_once()
    {
        var errors = new List<string>();

        JsonSchema.TryParse(
            """{"type":"object","properties":{"a":{"type":"x"},"b":{"anyOf":[]},"c":{"type":"array","items":{"format":"y"}}}}""",
            errors);

        errors.Should().HaveCountGreaterThanOrEqualTo(3);
        errors.Should().Contain(e => e.StartsWith("$.a:")).And.Contain(e => e.StartsWith("$.c[]:"));
    }

    [Theory]
    [InlineData("^[a-z]+$", "abc", true)]
    [InlineData("^[a-z]+$", "abc\n", false)]
    [InlineData("^[a-z]+$", "x\nabc", false)]
    [InlineData(@"^\d+$", "12", true)]
    [InlineData(@"^\d+$", "\u0661\u0662", false)]
    [InlineData(@"^\w+$", "\u00e9", false)]
    [InlineData(@"^[\w-]+$", "a-b", true)]
    [InlineData(@"^.$", "\r", false)]
    [InlineData("b", "abc", true)]
    [InlineData(@"^[\]\[]$", "]", true)]
    [InlineData(@"^a\$$", "a$", true)]
    [InlineData("^(?:a|b){1,3}$", "abab", false)]
    public void Reads_patterns_as_ECMAScript_does(string pattern, string text, bool matches) =>
        JsonPattern.TryCompile(pattern, out _)!.IsMatch(text).Should().Be(matches);

    [Fact]
    public void Matches_evil_patterns_in_linear_time()
    {
        var pattern = JsonPattern.TryCompile("^(a+)+$", out _)!;

        Cost.ShouldBeLinear(4_000, length => pattern.IsMatch(new string('a', length) + "!").Should().BeFalse());
    }

    [Theory]
    [InlineData("1", "1.0", 0)]
    [InlineData("100", "1e2", 0)]
    [InlineData("0.05", "5e-2", 0)]
    [InlineData("-0", "0.00", 0)]
    [InlineData("-1", "0", -1)]
    [InlineData("-2", "-1", -1)]
    [InlineData("10", "9.999999999999999999999", 1)]
    [InlineData("100.00000000000000001", "100", 1)]
    [InlineData("9007199254740993", "9007199254740992", 1)]
    [InlineData("1e-300", "0", 1)]
    [InlineData("12.5", "12.50e0", 0)]
    [InlineData("1E+3", "999", 1)]
    public void Compares_numbers_exactly(string left, string right, int order)
    {
        JsonNumber.TryParse(Encoding.UTF8.GetBytes(left), out var a).Should().BeTrue();
        JsonNumber.TryParse(Encoding.UTF8.GetBytes(right), out var b).Should().BeTrue();

        Math.Sign(a.CompareTo(b)).Should().Be(order);
        Math.Sign(b.CompareTo(a)).Should().Be(-order);
    }
}
