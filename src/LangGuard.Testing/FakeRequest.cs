namespace LangGuard.Testing;

/// <summary>A request as it reached a fake endpoint.</summary>
/// <param name="Method">The method.</param>
/// <param name="Url">The URL.</param>
/// <param name="Head">The request line and the headers, as they were sent.</param>
/// <param name="Body">The body as text; empty without one.</param>
public sealed record FakeRequest(string Method, string Url, string Head, string Body);
