namespace LangGuard.Permissions;

/// <summary>One endpoint rule.</summary>
public sealed class HttpRuleOptions
{
    /// <summary>The rule text, such as <c>GET https://api.contoso.test/v1/orders/{id}</c>. Required.</summary>
    public string? Rule { get; set; }
}
