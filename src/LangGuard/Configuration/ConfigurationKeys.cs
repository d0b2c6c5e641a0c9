namespace LangGuard.Configuration;

/// <summary>The names of the outer sections.</summary>
internal static class ConfigurationKeys
{
    internal const string Root = "LangGuard";
    internal const string Default = "Default";
    internal const string Agents = "Agents";
}
