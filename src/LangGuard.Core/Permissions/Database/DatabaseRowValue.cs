namespace LangGuard.Permissions;

/// <summary>Values of a principal that row filters compare with.</summary>
internal static class DatabaseRowValue
{
    internal const string Tenant = "tenant";

    internal const string User = "user";

    internal const string Claim = "claim:";

    internal static bool IsKnown(string value) =>
        value is Tenant or User
        || (value.StartsWith(Claim, StringComparison.Ordinal) && value.Length > Claim.Length);

    /// <summary>The principal's value, or null when it has none. An empty value is none.</summary>
    internal static string? Of(Principal principal, string value)
    {
        var found = value switch
        {
            Tenant => principal.Tenant,
            User => principal.Id,
            _ => principal.Claims.TryGetValue(value[Claim.Length..], out var claim) ? claim : null,
        };
        return string.IsNullOrEmpty(found) ? null : found;
    }
}
