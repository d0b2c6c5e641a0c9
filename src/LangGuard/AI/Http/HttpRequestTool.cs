using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LangGuard.Redaction;

namespace LangGuard.AI.Http;

/// <summary>Sends one HTTP request through the guarded client of the session.</summary>
internal sealed class HttpRequestTool(GuardSession session) : GuardTool(session, Definition)
{
    private const string ContentType = "Content-Type";

    internal static readonly ToolDefinition Definition = new(
        "http_request",
        Effects.Read | Effects.Write | Effects.Send,
        "Sends one HTTP request to a permitted endpoint and returns status, content type and body. Credentials are added "
        + "by the host: never put any in. Use the full URL with its query. A denial lists what is permitted.",
        new ToolParameter("url", ToolParameterKind.Text, "The absolute URL, such as https://api.example.com/v1/orders/17.", MaxLength: 8192),
        new ToolParameter("method", ToolParameterKind.Text, "GET, POST, PUT, PATCH, DELETE or HEAD. GET when left out.", IsRequired: false, MaxLength: 16),
        new ToolParameter("headers", ToolParameterKind.Texts, "Further request headers by name.", IsRequired: false, MaxLength: 4096),
        new ToolParameter("body", ToolParameterKind.Text, "The request body as text.", IsRequired: false, MaxLength: 1_048_576) { TakesJson = true },
        new ToolParameter("content_type", ToolParameterKind.Text, "The type of the body. application/json when left out.", IsRequired: false, MaxLength: 128));

    protected override IReadOnlyList<string>? Allowed => ReachableSurfaces.Endpoints(Session.Policy);

    protected override async ValueTask<JsonElement> RunAsync(ToolArguments arguments, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(arguments.Text("url"), UriKind.Absolute, out var url))
        {
            return ToolAnswer.Error("'url' has to be an absolute URL, with https:// in front.");
        }

        using var request = TryCreate(arguments, url, out var problem);
        if (request is null)
        {
            return ToolAnswer.Error(problem);
        }

        using var response = await Session.HttpClient
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var body = await ReadTextAsync(response, cancellationToken);
        return ToolAnswer.Ok(writer =>
        {
            writer.WriteNumber("http_status", (int)response.StatusCode);
            if (response.Content.Headers.ContentType?.MediaType is { } type)
            {
                writer.WriteString("content_type", ToolResultPipeline.Clean(type, Session, null));
            }

            writer.WriteString("body", ToolResultPipeline.Shape(body, Session, null));
        });
    }

    protected override string? Explain(Exception exception) => exception switch
    {
        // The texts of the platform hold addresses.
        HttpRequestException => "The request could not be sent or answered.",
        TaskCanceledException or TimeoutException => "The request took too long.",
        IOException => "The response could not be read.",
        _ => null,
    };

    private static HttpRequestMessage? TryCreate(ToolArguments arguments, Uri url, out string problem)
    {
        problem = "The method, a header or the content type is not valid. Length, encoding and framing of the body are set by the host.";
        HttpRequestMessage? request = null;
        try
        {
            request = new HttpRequestMessage(new HttpMethod((arguments.TextOrNull("method") ?? "GET").ToUpperInvariant()), url);
            var headers = arguments.Map("headers");
            if (arguments.TextOrNull("body") is { } body)
            {
                var type = arguments.TextOrNull("content_type") ?? (string?)headers.GetValueOrDefault(ContentType) ?? "application/json";
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            }

            // Where there is a body, its type has been set; where there is none, there is nothing to be told of.
            foreach (var (name, value) in headers.Where(header => !header.Key.Equals(ContentType, StringComparison.OrdinalIgnoreCase)))
            {
                request.Headers.Add(name, (string)value!);
            }

            var created = request;
            request = null;
            return created;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
        finally
        {
            request?.Dispose();
        }
    }

    private static async ValueTask<string> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return bytes.AsSpan().Contains((byte)0)
            ? $"[{bytes.Length} bytes that are not text]"
            : Encoding.UTF8.GetString(bytes);
    }
}
