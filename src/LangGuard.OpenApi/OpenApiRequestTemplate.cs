using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LangGuard.OpenApi;

/// <summary>Turns arguments into a request.</summary>
internal sealed class OpenApiRequestTemplate(
    HttpMethod method, string server, string path, IReadOnlyList<OpenApiParameter> parameters, OpenApiBody body)
{
    public HttpRequestMessage Create(JsonElement arguments)
    {
        if (arguments.ValueKind != JsonValueKind.Object)
        {
            throw new ArgumentException("The arguments are an object.", nameof(arguments));
        }

        var target = path;
        var query = new StringBuilder();
        var headers = new List<(string Name, string Value)>();
        foreach (var parameter in parameters)
        {
            if (!arguments.TryGetProperty(parameter.Name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                if (parameter.IsRequired)
                {
                    throw new ArgumentException($"'{parameter.Name}' is missing.", nameof(arguments));
                }

                continue;
            }

            switch (parameter.Place)
            {
                case "path":
                    target = target.Replace(
                        $"{{{parameter.Name}}}", Uri.EscapeDataString(Text(value, parameter.Name)), StringComparison.Ordinal);
                    break;
                case "query":
                    foreach (var item in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])
                    {
                        query.Append(query.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(parameter.Name)).Append('=')
                            .Append(Uri.EscapeDataString(Text(item, parameter.Name)));
                    }

                    break;
                default:
                    headers.Add((parameter.Name, Text(value, parameter.Name)));
                    break;
            }
        }

        CheckNames(arguments);
        var request = new HttpRequestMessage(method, server + target + query) { Content = Body(arguments) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static string Text(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw new ArgumentException($"'{name}' is a string, a number or a truth value."),
    };

    private void CheckNames(JsonElement arguments)
    {
        foreach (var argument in arguments.EnumerateObject())
        {
            if (!(argument.NameEquals("body") && body.Kind != OpenApiBodyKind.None)
                && !parameters.Any(parameter => argument.NameEquals(parameter.Name)))
            {
                throw new ArgumentException($"There is no parameter '{argument.Name}'.", nameof(arguments));
            }
        }
    }

    private HttpContent? Body(JsonElement arguments)
    {
        if (body.Kind == OpenApiBodyKind.None)
        {
            return null;
        }

        if (!arguments.TryGetProperty("body", out var value))
        {
            return body.IsRequired ? throw new ArgumentException("'body' is missing.", nameof(arguments)) : null;
        }

        if (body.Kind == OpenApiBodyKind.Json)
        {
            return new StringContent(value.GetRawText(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new ArgumentException("'body' is an object.", nameof(arguments));
        }

        return body.Kind == OpenApiBodyKind.Form
            ? new FormUrlEncodedContent(value.EnumerateObject().Select(
                field => KeyValuePair.Create(field.Name, Text(field.Value, field.Name))))
            : Multipart(value);
    }

    /// <summary>Files come as text, or as base64 where their schema says so; they are named after their field.</summary>
    private MultipartFormDataContent Multipart(JsonElement value)
    {
        var content = new MultipartFormDataContent();
#pragma warning disable CA2000 // The form owns its parts.
        foreach (var field in value.EnumerateObject())
        {
            var text = Text(field.Value, field.Name);
            if (!body.Files.TryGetValue(field.Name, out var type))
            {
                content.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(text)), Quote(field.Name));
                continue;
            }

            var isBase64 = (string?)body.Schema?["properties"]?[field.Name]?["format"] == "byte"
                || (string?)body.Schema?["properties"]?[field.Name]?["contentEncoding"] == "base64";
            var file = new ByteArrayContent(isBase64 ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text));
            file.Headers.ContentType = new MediaTypeHeaderValue(type.Split(',')[0].Trim());
            file.Headers.ContentDisposition =
                new ContentDispositionHeaderValue("form-data") { Name = Quote(field.Name), FileName = Quote(field.Name) };
            content.Add(file);
        }
#pragma warning restore CA2000

        return content;
    }

    private static string Quote(string name) =>
        name.AsSpan().ContainsAny("\"\\\r\n")
            ? throw new ArgumentException($"'{name}' is no name of a field.")
            : $"\"{name}\"";
}
