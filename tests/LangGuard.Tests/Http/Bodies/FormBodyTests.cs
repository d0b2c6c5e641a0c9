using System.Text;
using CsCheck;
using LangGuard.Http;

namespace LangGuard.Tests.Http.Bodies;

public sealed class FormBodyTests
{
    private static readonly FormFields Fields =
        FormFields.TryParse(["amount:int", "currency:eur|usd", "note:text(20)", "tags[]:slug", "source"])!;

    [Theory]
    [InlineData("amount=1&currency=eur")]
    [InlineData("amount=1&note=two+words")]
    [InlineData("note=%C3%A9%26%3D%3B&source=x%2By")]
    [InlineData("tags[]=a&tags[]=b&tags%5B%5D=c")]
    [InlineData("amount=")]
    [InlineData("%61mount=1")]
    [InlineData("note=line%0D%0Abreak")]
    public void Grants_listed_fields(string form) => Check(Fields, form).Should().BeNull();

    [Theory]
    [InlineData("", "http.body-form")]
    [InlineData("amount", "http.body-form")]
    [InlineData("=1", "http.body-form")]
    [InlineData("amount=1&&note=x", "http.body-form")]
    [InlineData("amount=1&", "http.body-form")]
    [InlineData("amount=1;admin=1", "http.body-form")]
    [InlineData("note=a;admin=1", "http.body-form")]
    [InlineData("note=%00", "http.body-form")]
    [InlineData("note=%1b", "http.body-form")]
    [InlineData("amount%00=1", "http.body-form")]
    [InlineData("note=%", "http.body-form")]
    [InlineData("note=%zz", "http.body-form")]
    [InlineData("note=%u0041", "http.body-form")]
    [InlineData("note=%c0%af", "http.body-form")]
    [InlineData("note=%ff", "http.body-form")]
    [InlineData("note=\u00e9", "http.body-form")]
    [InlineData("note=a b", "http.body-form")]
    [InlineData("note=a\r\nX: y", "http.body-form")]
    [InlineData("amount=abc", "http.body-value")]
    [InlineData("currency=gbp", "http.body-value")]
    [InlineData("note=123456789012345678901", "http.body-value")]
    [InlineData("admin=1", "http.body-key")]
    [InlineData("Amount=1", "http.body-key")]
    [InlineData("amount[]=1", "http.body-key")]
    [InlineData("amount[0]=1", "http.body-key")]
    [InlineData("amount.x=1", "http.body-key")]
    [InlineData("amount%5B%5D=1", "http.body-key")]
    [InlineData("+amount=1", "http.body-form")]
    [InlineData("amount+=1", "http.body-form")]
    [InlineData("amount%2525=1", "http.body-form")]
    [InlineData("amount=1&amount=2", "http.body-duplicate-key")]
    [InlineData("amount=1&%61mount=2", "http.body-duplicate-key")]
    [InlineData("_method=DELETE", "http.method-override")]
    [InlineData("amount=1&_METHOD=PUT", "http.method-override")]
    [InlineData("%5fmethod=DELETE", "http.method-override")]
    [InlineData("_method[]=DELETE", "http.method-override")]
    [InlineData("+_method=DELETE", "http.method-override")]
    [InlineData("X-HTTP-Method-Override=DELETE", "http.method-override")]
    public void Refuses_everything_else(string form, string rule) => Check(Fields, form)!.Rule.Should().Be(rule);

    [Fact]
    public void A_star_grants_every_field_but_an_override_or_a_duplicate()
    {
        var any = FormFields.TryParse(["*"])!;

        Check(any, "a=1&b=2&c[]=3&c[]=4").Should().BeNull();
        Check(any, "a=1&_method=DELETE")!.Rule.Should().Be("http.method-override");
        Check(any, "a=1&A=2")!.Rule.Should().Be("http.body-duplicate-key");
        Check(any, "a.b=1&a_b=2")!.Rule.Should().Be("http.body-duplicate-key");
    }

    [Theory]
    [InlineData("_method")]
    [InlineData("a,a")]
    [InlineData("a,A")]
    [InlineData("a.b,a_b")]
    [InlineData("a:shoe")]
    [InlineData("a*")]
    [InlineData("a=b")]
    public void A_rule_can_not_list_fields_that_have_no_one_meaning(string names) =>
        FormFields.TryParse(names.Split(',')).Should().BeNull();

    [Fact]
    public void Grants_what_the_platforms_own_encoder_writes() =>
        Gen.Char[' ', '\u2fff'].Array[0, 12].Select(chars => new string(chars)).Sample(
            value =>
            {
                using var content = new FormUrlEncodedContent([new("note", value), new("amount", "1")]);
                var text = content.ReadAsStringAsync().GetAwaiter().GetResult();
                (Check(Fields, text) is null).Should().Be(!value.Any(char.IsControl), text);
            },
            iter: 5_000);

    [Fact]
    public void Never_throws() => Gen.Byte.Array[0, 60].Sample(
        bytes => { _ = FormBodyReader.Check(bytes, Fields); }, iter: 20_000);

    private static Reason? Check(FormFields fields, string form) => FormBodyReader.Check(Encoding.UTF8.GetBytes(form), fields);
}
