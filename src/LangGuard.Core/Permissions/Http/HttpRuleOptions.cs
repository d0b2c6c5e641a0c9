namespace LangGuard.Permissions;

/// <summary>One endpoint rule.</summary>
internal sealed class HttpRuleOptions
{
    /// <summary>The rule text, such as <c>GET https://api.contoso.test/v1/orders/{id} query page:int</c>. Required. It begins
    /// with <c>allow</c> (default) or <c>deny</c>; deny beats allow.</summary>
    public string? Rule { get; set; }

    /// <summary>What the body must be, or null when the rule text says it. Default: null.</summary>
    public HttpBodyOptions? Body { get; set; }
}
