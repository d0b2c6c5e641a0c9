using System.Text;

namespace LangGuard.Testing.Conformance;

/// <summary>A request as it reached the server.</summary>
/// <param name="Head">The request line and the headers.</param>
/// <param name="IsTls">Whether it came over TLS.</param>
internal sealed record HttpArrival(string Head, bool IsTls)
{
    private const int MostLayers = 4;

    public string Line => Head.Split('\r')[0];

    /// <summary>
    /// What a careless server makes of it: every layer of encoding taken off, backslashes and parameters of segments too, and
    /// then the steps upwards taken. Null when it is nothing that can be served.
    /// </summary>
    public (string Method, Uri Url)? Careless()
    {
        var parts = Line.Split(' ');
        var host = Head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase))?[5..].Trim();
        if (parts.Length != 3 || host is null)
        {
            return null;
        }

        var cut = parts[1].IndexOf('?', StringComparison.Ordinal);
        var (path, query) = cut < 0 ? (parts[1], string.Empty) : (parts[1][..cut], parts[1][cut..]);
        for (var layer = 0; layer < MostLayers; layer++)
        {
            path = Uri.UnescapeDataString(path);
        }

        if (path.Any(char.IsControl))
        {
            return null;
        }

        var segments = new List<string>();
        foreach (var segment in path.Replace('\\', '/').Split('/').Select(part => part.Split(';')[0]))
        {
            if (segment == ".." && segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment is not ("" or "." or ".."))
            {
                segments.Add(Uri.EscapeDataString(segment));
            }
        }

        var url = new StringBuilder(IsTls ? "https://" : "http://").Append(host).Append('/').AppendJoin('/', segments)
            .Append(segments.Count > 0 && path.EndsWith('/') ? "/" : string.Empty).Append(query).ToString();
        return Uri.TryCreate(url, UriKind.Absolute, out var read) ? (parts[0], read) : null;
    }
}
