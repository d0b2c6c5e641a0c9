using System.IO.Compression;
using System.Text;
using LangGuard.Http;
using LangGuard.Permissions;

namespace LangGuard.Tests.Http;

/// <summary>Deletes in the dress of a POST, under a rule that says nothing about bodies.</summary>
public sealed class DisguisedMethodTests
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Json = "application/json";
    private const string Multipart = "multipart/form-data; boundary=b";

    public static TheoryData<string, string?> Disguises => new()
    {
        { "_method=DELETE", Form },
        { "a=1&_method=delete", Form },
        { "a=1;_method=DELETE", Form },
        { "%5fmethod=DELETE", Form },
        { "%5Fmeth%6fd=DELETE", Form },
        { "%255fmethod=DELETE", Form },
        { "%25255fmethod=DELETE", Form },
        { "%u005fmethod=DELETE", Form },
        { "%c1%9fmethod=DELETE", Form },
        { "%e0%81%9fmethod=DELETE", Form },
        { "%ef%bc%bfmethod=DELETE", Form },
        { "_METHOD=DELETE", Form },
        { "+_method=DELETE", Form },
        { "%09_method=DELETE", Form },
        { "_method%00x=DELETE", Form },
        { "_method[]=DELETE", Form },
        { "_method%5B0%5D=DELETE", Form },
        { ".method=DELETE", Form },
        { "[method=DELETE", Form },
        { "_method=POST&_method=DELETE", Form },
        { "_method", Form },
        { "_method=%44ELETE", Form },
        { "X-HTTP-Method-Override=DELETE", Form },
        { "x_http_method_override=PUT", Form },
        { "$httpMethod=DELETE", Form },
        { "%24method=PATCH", Form },
        { "method=DELETE", Form },
        { "httpMethod=delete", Form },
        { "_method=DELETE", Form + "; charset=utf-8" },
        { "_method=DELETE", Form + "; charset=ibm037" },
        { "a=b", Form + "; charset=utf-16" },
        { "_method=DELETE", null },
        { "_method=DELETE", Json + ", " + Form },
        { "_method=DELETE", "application/x-www-form-urlencoded;" },
        { """{"_method":"DELETE"}""", Json },
        { """{"\u005fmethod":"DELETE"}""", Json },
        { """{"\u005F\u006D\u0065\u0074\u0068\u006f\u0064":"DELETE"}""", Json },
        { """{"a":[{"b":{"_\u006dethod":"DELETE"}}]}""", Json },
        { """{"_method":"POST","_method":"DELETE"}""", Json },
        { """{"_method":["DELETE"]}""", Json },
        { """{"_method":{"a":1}}""", Json },
        { """{"X-HTTP-Method-Override":"PUT"}""", Json },
        { "\ufeff{\"_method\":\"DELETE\"}", Json },
        { """{'_method':'DELETE'}""", Json },
        { """{_method:"DELETE"}""", Json },
        { """{'\x5fmethod':'DELETE'}""", Json },
        { """{"a":1,}{"_method":"DELETE"}""", Json },
        { """{"_method":"DELETE" """, Json },
        { "// c\n{\"_method\":\"DELETE\"}", Json },
        { """{"_method":"DELETE"}""", "application/vnd.api+json" },
        { """{"_method":"DELETE"}""", "text/plain" },
        { """{"_method":"DELETE"}""", null },
        { """{"_method":"DELETE"}""", Json + "; charset=utf-16" },
        { """[{"method":"DELETE","path":"/admin"}]""", Json },
        { """{"requests":[{"id":"1","url":"/me/messages/1","method":"\u0044ELETE"}]}""", Json },
        { """{"operations":[{"relative_url":"x","body":"","METHOD":"put"}]}""", Json },
        { "--b\r\nContent-Disposition: form-data; name=\"_method\"\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\r\nContent-Disposition: form-data; name=_method\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\r\ncontent-disposition:form-data;name='_method'\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\nContent-Disposition: form-data; name=\"_method\"\n\nDELETE\n--b--", Multipart },
        { "--b\r\nContent-Disposition: form-data;\r\n name=\"_method\"\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\r\nContent-Disposition: form-data; name=\"a\"; name=\"_method\"\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\r\nContent-Disposition: form-data; name=\"\\_method\"\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\r\nContent-Disposition: form-data; name=\"%5fmethod\"\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\r\nContent-Disposition: form-data; name*=utf-8''%5fmethod\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\r\nContent-Disposition: form-data; name*0=_method\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\r\nContent-Disposition: form-data; name = \"_method\"\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\r\nContent-Disposition: form-data; name=\"_method\"; filename=\"x\"\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\r\nContent-Disposition: form-data; name=\"_METHOD[]\"\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\r\nX: y\r\nContent-Disposition: form-data; name=\"_method\"\r\n\r\nDELETE\r\n--b--", Multipart },
        { "--b\r\n\r\nDELETE /x HTTP/1.1\r\n--b--", "multipart/mixed; boundary=b" },
        { "--b\r\nContent-Type: application/http\r\n\r\nDELETE /x HTTP/1.1\r\n--b--", "multipart/related; boundary=b" },
        { "DELETE /x HTTP/1.1\r\n\r\n", "application/http" },
    };

    public static TheoryData<string, string?> Honest => new()
    {
        { "a=the _method&b=2", Form },
        { "_method=POST", Form },
        { "method=card&http_method=GET", Form },
        { "method=post", Form },
        { "payment_method=visa&shipping-method=put+away", Form },
        { "", Form },
        { """{"text":"_method","payment_method":"visa"}""", Json },
        { """{"method":"tools/call","params":{"name":"_method"},"id":1,"jsonrpc":"2.0"}""", Json },
        { """{"url":"https://x.example/","method":"GET"}""", Json },
        { """{"request":{"method":"DELETE"},"reply":{"url":"/x"}}""", Json },
        { """{"_method":"POST"}""", Json },
        { """{"a":"broken _method" """, Json },
        { "[]", Json },
        { "[section]\n_m=1\n", "text/plain" },
        { "any _method=DELETE in a note", "text/plain" },
        { "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"_method\"\r\n\r\n<input name=\"_method\" value=\"DELETE\">\r\n--b--", Multipart },
        { "--b\r\nContent-Disposition: form-data; name=\"payment_method\"\r\n\r\nvisa\r\n--b--", Multipart },
        { "--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--", "multipart/related; boundary=b" },
        { "\0\u0001_method=DELETE", "image/png" },
    };

    [Theory]
    [MemberData(nameof(Disguises))]
    public void Denies(string body, string? type) =>
        Decide("POST https://a.example/**", body, type)!.Rule.Should().Be("http.disguised-method", "{0} is {1}", body, type);

    [Theory]
    [MemberData(nameof(Honest))]
    public void Leaves_alone(string body, string? type) => Decide("POST https://a.example/**", body, type).Should().BeNull(body);

    [Fact]
    public void Denies_forms_that_are_compressed_or_too_long_to_be_read()
    {
        using var gzip = new MemoryStream();
        using (var stream = new GZipStream(gzip, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write("_method=DELETE"u8);
        }

        Decide("POST https://a.example/**", new RequestBody(gzip.ToArray(), true, Form) { IsEncoded = true })!
            .Rule.Should().Be("http.disguised-method");
        Decide("POST https://a.example/**", new RequestBody(new byte[10], false, Multipart))!
            .Rule.Should().Be("http.disguised-method");
        Decide("POST https://a.example/**", new RequestBody(new byte[10], false, "application/octet-stream")).Should().BeNull();
        Decide("POST https://a.example/**", new RequestBody(gzip.ToArray(), true, "text/csv") { IsEncoded = true }).Should().BeNull();
    }

    [Fact]
    public void A_rule_that_names_a_batch_grants_the_requests_in_it()
    {
        const string requests = """{"requests":[{"method":"DELETE","url":"/x"}]}""";

        Decide("POST https://a.example/v1/$batch", requests, Json).Should().BeNull();
        Decide("POST https://a.example/**", requests, Json)!.Rule.Should().Be("http.disguised-method");
        Decide("POST,DELETE https://a.example/**", requests, Json).Should().BeNull("a delete may be sent there anyway");
    }

    [Theory]
    [InlineData("?_method=DELETE")]
    [InlineData("?a=1&%5fmethod=DELETE")]
    [InlineData("?%255f%256dethod=DELETE")]
    [InlineData("?x-http-method-override=DELETE")]
    [InlineData("?$httpMethod=DELETE")]
    [InlineData("?method=DELETE")]
    [InlineData("?_method=GET&_method=DELETE")]
    public void Denies_it_in_the_query_also_of_a_read(string query)
    {
        var policy = Policy.Create(guard => guard.LimitPermissions(allow => allow.Http("GET https://a.example/** query *")));
        using var session = GuardSession.Create(policy, new Principal("alice"));

        policy.Decide(new HttpOperation(session.Principal, Effects.Read, "GET", new Uri("https://a.example/x" + query)), session)
            .Reason!.Rule.Should().Be("http.disguised-method");
    }

    private static Reason? Decide(string rule, string body, string? type) =>
        Decide(rule, new RequestBody(Encoding.UTF8.GetBytes(body), true, type));

    private static Reason? Decide(string rule, RequestBody body)
    {
        var policy = Policy.Create(guard => guard.LimitPermissions(allow => allow.Http(rule)));
        using var session = GuardSession.Create(policy, new Principal("alice"));
        var url = UrlCanonicalizer.Create(new Uri(rule.Contains('$') ? "https://a.example/v1/$batch" : "https://a.example/v1"), out _)!;
        using var request = new EgressRequest(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body.Bytes) };
        if (body.ContentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", body.ContentType);
        }

        return policy.Decide(new HttpOperation(session.Principal, HttpVerbs.Post, url, request, body), session).Reason;
    }
}
