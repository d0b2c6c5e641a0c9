namespace LangGuard.Permissions;

/// <summary>Says more about one endpoint rule.</summary>
public sealed class HttpRuleBuilder
{
    internal HttpRuleBuilder(HttpRuleOptions options) => Options = options;

    internal HttpRuleOptions Options { get; }
}
