using LangGuard.Http;

namespace LangGuard.Tests.Http.Bodies;

public sealed class BodyContentTypeTests
{
    [Theory]
    [InlineData("application/json", "application/json", "", "")]
    [InlineData("application/json; charset=utf-8", "application/json", "utf-8", "")]
    [InlineData("application/json;charset=\"UTF-8\"", "application/json", "UTF-8", "")]
    [InlineData("multipart/form-data; boundary=\"a-b:c\"", "multipart/form-data", "", "a-b:c")]
    [InlineData("multipart/form-data;  boundary=abc ; charset=utf-8", "multipart/form-data", "utf-8", "abc")]
    public void Reads_one_type_with_its_parameters(string text, string media, string charset, string boundary)
    {
        BodyContentType.TryParse(text, out var type).Should().BeTrue();

        type.MediaType.ToString().Should().Be(media);
        type.Charset.ToString().Should().Be(charset);
        type.Boundary.ToString().Should().Be(boundary);
    }

    [Theory]
    [InlineData("")]
    [InlineData("json")]
    [InlineData("/json")]
    [InlineData("application/")]
    [InlineData("application/json, text/plain")]
    [InlineData("application/json;charset=utf-8;charset=utf-16")]
    [InlineData("application/json;charset=utf-8;CHARSET=utf-8")]
    [InlineData("multipart/form-data;boundary=a;boundary=b")]
    [InlineData("application/json;charset")]
    [InlineData("application/json;charset=")]
    [InlineData("application/json;=utf-8")]
    [InlineData("application/json;charset=\"utf-8")]
    [InlineData("application/json;charset=\"utf\\-8\"")]
    [InlineData("application/json;charset=\"utf-8\"x")]
    [InlineData("application/json;;charset=utf-8")]
    [InlineData("application/json;")]
    [InlineData("application/json\u00a0;charset=utf-8")]
    [InlineData("multipart/form-data; boundary=\"a;b\"")]
    public void Refuses_what_can_be_read_in_two_ways(string text) =>
        BodyContentType.TryParse(text, out _).Should().BeFalse();
}
