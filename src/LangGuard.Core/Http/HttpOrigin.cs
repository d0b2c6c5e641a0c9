using System.Globalization;

namespace LangGuard.Http;

/// <summary>Scheme, host and port.</summary>
internal sealed class HttpOrigin(bool isHttps, string host, int port)
{
    public bool IsHttps => isHttps;

    /// <summary>Lower-case ASCII name without a trailing dot, or an address literal (IPv6 in brackets).</summary>
    public string Host => host;

    public int Port => port;

    public string Scheme => isHttps ? "https" : "http";

    /// <summary>Host, and port unless it is the scheme's.</summary>
    public string Authority => field ??= port == (isHttps ? 443 : 80)
        ? host
        : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");

    public bool Is(bool https, string name, int number) =>
        isHttps == https && port == number && string.Equals(host, name, StringComparison.Ordinal);

    public override string ToString() => Text;

    private string Text => field ??= $"{Scheme}://{Authority}";
}
