using System.Globalization;
using System.Net;
using System.Text;

namespace LangGuard.Testing;

/// <summary>What a fake endpoint answers.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="ContentType">The type of the body.</param>
public sealed record FakeResponse(HttpStatusCode Status, string Body = "", string ContentType = "application/json")
{
    internal static FakeResponse NotFound { get; } = new(HttpStatusCode.NotFound);

    /// <summary>Further headers, such as <c>Location</c>. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    internal byte[] ToBytes()
    {
        var body = Encoding.UTF8.GetBytes(Body);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {(int)Status} {Status}\r\nContent-Type: {ContentType}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n");
        foreach (var (name, value) in Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body];
    }
}
