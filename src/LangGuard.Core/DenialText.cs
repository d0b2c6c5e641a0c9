namespace LangGuard;

/// <summary>The one place where a denial becomes text for people.</summary>
internal static class DenialText
{
    internal static string ForPeople(Decision decision, string? resource)
    {
        var reason = decision.Reason ?? Reasons.Unspecified;
        var text = resource is null ? reason.ToString() : $"{reason} ({resource})";
        return reason.Setting is { } setting
            ? $"{text} To allow it: {setting.Replace("{resource}", resource ?? "it", StringComparison.Ordinal)}"
            : text;
    }
}
