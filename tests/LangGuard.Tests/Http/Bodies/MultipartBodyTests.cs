using System.Collections.Frozen;
using System.Net.Http.Headers;
using System.Text;
using LangGuard.Http;

namespace LangGuard.Tests.Http.Bodies;

public sealed class MultipartBodyTests
{
    private static readonly MultipartFields Fields = new()
    {
        Fields = FormFields.TryParse(["title:text(20)", "count:int"])!,
        Files = new[] { "photo" }.ToFrozenSet(),
        FileTypes = new[] { "image/png" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
    };

    [Theory]
    [InlineData("cat.png")]
    [InlineData("two words.png")]
    [InlineData("caf\u00e9.png")]
    public async Task Grants_what_the_platforms_own_client_writes(string fileName)
    {
        using var content = new MultipartFormDataContent("b1");
        content.Add(new StringContent("hello"), "title");
        content.Add(new StringContent("3"), "\"count\"");
        var file = new ByteArrayContent([0, 1, 2, 13, 10, 45, 45]);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        content.Add(file, "photo", fileName);

        Check(await content.ReadAsStringAsync(), "b1").Should().BeNull();
    }

    [Theory]
    [InlineData("Content-Disposition: form-data; name=title\r\n\r\nhi", null)]
    [InlineData("Content-Disposition: form-data; name=\"title\"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhi", null)]
    [InlineData("Content-Disposition: form-data; name=photo; filename=a.png\r\nContent-Type: image/png\r\n\r\nx", null)]
    [InlineData("Content-Disposition: form-data; name=count\r\n\r\nx", "http.body-value")]
    [InlineData("Content-Disposition: form-data; name=admin\r\n\r\nx", "http.body-key")]
    [InlineData("Content-Disposition: form-data; name=_method\r\n\r\nDELETE", "http.method-override")]
    [InlineData("Content-Disposition: form-data; name=_method; filename=x\r\n\r\nDELETE", "http.method-override")]
    [InlineData("Content-Disposition: form-data; name=title; filename=a.png\r\nContent-Type: image/png\r\n\r\nx", "http.body-key")]
    [InlineData("Content-Disposition: form-data; name=photo; filename=a.png\r\n\r\nx", "http.body-file-name")]
    [InlineData("Content-Disposition: form-data; name=photo; filename=a.png\r\nContent-Type: text/html\r\n\r\nx", "http.body-file-name")]
    [InlineData("Content-Disposition: form-data; name=photo; filename=\"../a.png\"\r\nContent-Type: image/png\r\n\r\nx", "http.body-file-name")]
    [InlineData("Content-Disposition: form-data; name=photo; filename=\".htaccess\"\r\nContent-Type: image/png\r\n\r\nx", "http.body-file-name")]
    [InlineData("Content-Disposition: form-data; name=photo; filename=\"a.png:b\"\r\nContent-Type: image/png\r\n\r\nx", "http.body-file-name")]
    [InlineData("Content-Disposition: form-data; name=photo; filename=\"a%2fb\"\r\nContent-Type: image/png\r\n\r\nx", "http.body-file-name")]
    [InlineData("Content-Disposition: form-data; name=photo; filename=\"\"\r\nContent-Type: image/png\r\n\r\nx", "http.body-file-name")]
    [InlineData("Content-Disposition: form-data; name=photo; filename=a.png; filename*=utf-8''..%2fa.png\r\nContent-Type: image/png\r\n\r\nx", "http.body-file-name")]
    [InlineData("Content-Disposition: form-data; name=photo; filename=a.png; filename*=utf-8''b.php\r\nContent-Type: image/png\r\n\r\nx", "http.body-file-name")]
    [InlineData("Content-Disposition: form-data; name=photo; filename=a.png; filename=b.php\r\nContent-Type: image/png\r\n\r\nx", "http.body-multipart")]
    [InlineData("Content-Disposition: form-data; name=title; name=admin\r\n\r\nx", "http.body-multipart")]
    [InlineData("Content-Disposition: form-data; name=\"ti\\\"tle\"\r\n\r\nx", "http.body-multipart")]
    [InlineData("Content-Disposition: form-data\r\n\r\nx", "http.body-multipart")]
    [InlineData("Content-Disposition: attachment; name=title\r\n\r\nx", "http.body-multipart")]
    [InlineData("Content-Disposition: form-data; name=title\r\nContent-Disposition: form-data; name=admin\r\n\r\nx", "http.body-multipart")]
    [InlineData("Content-Disposition: form-data; name=title\r\nContent-Transfer-Encoding: base64\r\n\r\nx", "http.body-multipart")]
    [InlineData("Content-Disposition: form-data;\r\n name=title\r\n\r\nx", "http.body-multipart")]
    [InlineData("Content-Disposition: form-data; name=title\nX: y\r\n\r\nx", "http.body-multipart")]
    [InlineData("Content-Type: text/plain\r\n\r\nx", "http.body-multipart")]
    [InlineData("Content-Disposition: form-data; name=title\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nx", "http.body-multipart")]
    [InlineData("Content-Disposition: form-data; name=title\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\nx", "http.body-multipart")]
    [InlineData("Content-Disposition: form-data; name=title\r\n\r\na\0b", "http.body-multipart")]
    [InlineData("Content-Disposition: form-data; name=title", "http.body-multipart")]
    public void Judges_each_part(string part, string? rule) =>
        (Check($"--b1\r\n{part}\r\n--b1--\r\n", "b1")?.Rule).Should().Be(rule);

    [Theory]
    [InlineData("--b1\r\nContent-Disposition: form-data; name=title\r\n\r\nx\r\n--b1--", true)]
    [InlineData("preamble\r\n--b1\r\nContent-Disposition: form-data; name=title\r\n\r\nx\r\n--b1--", false)]
    [InlineData("--b1\r\nContent-Disposition: form-data; name=title\r\n\r\nx\r\n--b1--epilogue", false)]
    [InlineData("--b1\r\nContent-Disposition: form-data; name=title\r\n\r\nx\r\n--b1", false)]
    [InlineData("--b1\r\nContent-Disposition: form-data; name=title\r\n\r\nx", false)]
    [InlineData("--b1 \r\nContent-Disposition: form-data; name=title\r\n\r\nx\r\n--b1--", false)]
    [InlineData("--b1\nContent-Disposition: form-data; name=title\n\nx\n--b1--", false)]
    [InlineData("--b1--", false)]
    [InlineData("", false)]
    [InlineData("--b1\r\nContent-Disposition: form-data; name=title\r\n\r\nx\r\n--b1\r\nContent-Disposition: form-data; name=title\r\n\r\ny\r\n--b1--", false)]
    public void Demands_the_strict_form(string body, bool granted) => (Check(body, "b1") is null).Should().Be(granted);

    [Fact]
    public void A_part_that_is_cut_at_another_boundary_is_refused() =>
        Check("--b1x\r\nContent-Disposition: form-data; name=title\r\n\r\nx\r\n--b1--", "b1").Should().NotBeNull();

    private static Reason? Check(string body, string boundary) =>
        MultipartBodyReader.Check(Encoding.UTF8.GetBytes(body), boundary, Fields);
}
