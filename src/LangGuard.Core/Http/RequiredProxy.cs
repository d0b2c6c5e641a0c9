namespace LangGuard.Http;

/// <summary>Reads the proxy that a policy requires.</summary>
internal static class RequiredProxy
{
    public static void Compile(PolicyBuilder builder)
    {
        if (builder.Options.DefendInDepth.RequireProxy is not { } text)
        {
            return;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var proxy)
            || (proxy.Scheme != Uri.UriSchemeHttp && proxy.Scheme != Uri.UriSchemeHttps)
            || proxy.PathAndQuery != "/" || proxy.Fragment.Length > 0)
        {
            // Not repeated: it may hold a password.
            builder.Errors.Add(
                "DefendInDepth:RequireProxy", null, "The proxy is no http or https URL of a host and a port.",
                "Write it as 'http://proxy.internal:3128'.");
            return;
        }

        builder.Collect<EgressOptions>().Proxy = new EgressProxy(proxy);
    }
}
