using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LangGuard.OpenApi;

/// <summary>Turns arguments into a request.</summary>
internal sealed class OpenApiRequestTemplate(
    HttpMethod method, string server, string path, IReadOnlyList<OpenApiParameter> parameters, bool? bodyIsForm, bool bodyIsRequired)
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
            if (!(argument.NameEquals("body") && bodyIsForm is not null)
                && !parameters.Any(parameter => argument.NameEquals(parameter.Name)))
            {
                throw new ArgumentException($"There is no parameter '{argument.Name}'.", nameof(arguments));
            }
        }
    }

    private HttpContent? Body(JsonElement arguments)
    {
        if (bodyIsForm is not { } isForm)
        {
            return null;
        }

        if (!arguments.TryGetProperty("body", out var body))
        {
            return bodyIsRequired ? throw new ArgumentException("'body' is missing.", nameof(arguments)) : null;
        }

        if (!isForm)
        {
            return new StringContent(body.GetRawText(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        return body.ValueKind == JsonValueKind.Object
            ? new FormUrlEncodedContent(body.EnumerateObject().Select(
                field => KeyValuePair.Create(field.Name, Text(field.Value, field.Name))))
            : throw new ArgumentException("'body' is an object.", nameof(arguments));
    }
}
