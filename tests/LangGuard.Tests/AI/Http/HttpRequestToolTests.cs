using System.Text.Json;
using LangGuard.Tests.Http;
using LangGuard.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.AI.Http;

public sealed class HttpRequestToolTests
{
    private static readonly RequestDelegate Echo = async context =>
    {
        using var reader = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path} {await reader.ReadToEndAsync()}");
    };

    [Fact]
    public async Task A_granted_request_returns_status_and_body()
    {
        await using var world = await HttpWorld.StartAsync(Echo, "GET,POST {api}/v1/orders/{id:int}");
        var tool = Tool(world);

        var read = await tool.InvokeAsync($$"""{"url":"{{world.Api}}/v1/orders/7"}""");
        world.Session.HoldsUntrustedContent.Should().BeFalse("the rule is trusted");
        var sent = await tool.InvokeAsync($$"""{"url":"{{world.Api}}/v1/orders/7","method":"post","body":"{\"a\":1}"}""");

        read.Status().Should().Be("ok");
        read.GetProperty("http_status").GetInt32().Should().Be(200);
        read.GetProperty("body").GetString().Should().Contain("GET /v1/orders/7");
        sent.GetProperty("body").GetString().Should().Contain("""POST /v1/orders/7 {"a":1}""");
    }

    /// <summary>Ways in which models give a body and its type.</summary>
    [Theory]
    [InlineData("""{"a":1}""", "null", "{}", "application/json")]
    [InlineData("""{"a":1}""", "null", """{"Content-Type":"application/json"}""", "application/json")]
    [InlineData("""{"a":1}""", "null", """{"content-type":"application/vnd.api+json; charset=utf-8"}""", "application/vnd.api+json; charset=utf-8")]
    [InlineData("\"a,b\"", "\"text/csv\"", """{"content-type":"application/json"}""", "text/csv")]
    [InlineData("""[1,2]""", "null", """{"Prefer":1}""", "application/json")]
    public async Task Takes_a_body_as_a_model_writes_it(string body, string type, string headers, string expected)
    {
        await using var world = await HttpWorld.StartAsync(
            async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                await context.Response.WriteAsync($"{context.Request.ContentType}|{await reader.ReadToEndAsync()}");
            },
            "POST {api}/v1/orders header *");

        var sent = await Tool(world).InvokeAsync(
            $$"""{"url":"{{world.Api}}/v1/orders","method":"POST","body":{{body}},"content_type":{{type}},"headers":{{headers}}}""");

        sent.Status().Should().Be("ok");
        sent.GetProperty("body").GetString().Should().Contain($"{expected}|{body.Trim('"')}");
    }

    /// <summary>Framing, encodings and other types than the one that is sent are nothing to be chosen.</summary>
    [Theory]
    [InlineData("""{"Content-Length":"3"}""")]
    [InlineData("""{"Content-Encoding":"gzip"}""")]
    [InlineData("""{"Transfer-Encoding":"chunked"}""")]
    [InlineData("""{"Content-Type ":"text/plain"}""")]
    [InlineData("""{"X-A":"b\r\nX-B: c"}""")]
    [InlineData("""{"X-A":{"b":1}}""")]
    [InlineData("""{"X-A":null}""")]
    public async Task Headers_of_the_frame_are_refused(string headers)
    {
        await using var world = await HttpWorld.StartAsync(Echo, "POST {api}/v1/orders header *");

        var sent = await Tool(world).InvokeAsync(
            $$"""{"url":"{{world.Api}}/v1/orders","method":"POST","body":{"a":1},"headers":{{headers}}}""");

        sent.Status().Should().BeOneOf("error", "denied");
        world.Server.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("file:///etc/passwd")]
    public async Task A_denied_request_is_a_result_that_says_what_is_possible(string url)
    {
        await using var world = await HttpWorld.StartAsync(Echo, "GET {api}/v1/orders/{id:int}");

        var result = await Tool(world).InvokeAsync(JsonSerializer.Serialize(new { url }));

        result.Status().Should().Be("denied");
        result.Rule().Should().StartWith("http.");
        result.GetProperty("reason").GetString().Should().NotBeEmpty();
        world.Server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_possible_is_listed_without_limits_and_credentials()
    {
        await using var world = await HttpWorld.StartAsync(Echo, "GET {api}/v1/orders/{id:int}");

        var result = await Tool(world).InvokeAsync($$"""{"url":"{{world.Api}}/v1/customers"}""");

        result.GetProperty("allowed").EnumerateArray().Select(line => line.GetString())
            .Should().Equal($"GET {world.Api}/v1/orders/{{id:int}}");
    }

    [Theory]
    [InlineData("""{"url":"not a url"}""")]
    [InlineData("""{"url":"/relative"}""")]
    [InlineData("""{"url":"http://api.test/","method":"G ET"}""")]
    [InlineData("""{"url":"http://api.test/","headers":{"bad name":"x"}}""")]
    [InlineData("""{"url":"http://api.test/","headers":{"x":"a\r\nb: c"}}""")]
    [InlineData("""{"url":"http://api.test/","body":"x","content_type":"nonsense"}""")]
    public async Task A_request_that_is_none_is_an_error_or_denied(string arguments)
    {
        await using var world = await HttpWorld.StartAsync(Echo, "GET {api}/v1/orders/{id:int}");

        (await Tool(world).InvokeAsync(arguments)).Status().Should().BeOneOf("error", "denied");

        world.Server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_server_that_is_gone_is_an_error_without_its_address()
    {
        var world = await HttpWorld.StartAsync(Echo, "GET {api}/v1/orders/{id:int}");
        var url = $"{world.Api}/v1/orders/7";
        var tool = Tool(world);
        await world.Server.DisposeAsync();

        var result = await tool.InvokeAsync($$"""{"url":"{{url}}"}""");

        result.Status().Should().Be("error");
        result.GetRawText().Should().NotContain("127.0.0.1");
    }

    [Fact]
    public void The_tool_is_offered_only_where_a_request_can_be_allowed()
    {
        using var none = Operations.SessionOf(_ => { });
        using var denyOnly = Operations.SessionOf(guard => guard.LimitPermissions(allow => allow.Http("deny * https://a.test/**")));
        using var some = Operations.SessionOf(guard => guard.LimitPermissions(allow => allow.Http("GET https://a.test/**")));
        using var narrowed = some.CreateChild(Policy.Create(_ => { }));

        none.GetTools().Should().BeEmpty();
        denyOnly.GetTools().Should().BeEmpty();
        some.GetTools().Select(tool => tool.Name).Should().Equal("http_request");
        narrowed.GetTools().Should().BeEmpty();
    }

    private static AIFunction Tool(HttpWorld world) => world.Session.GetTools().Single(tool => tool.Name == "http_request");
}
