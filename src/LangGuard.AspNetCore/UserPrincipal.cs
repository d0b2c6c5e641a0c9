using System.Security.Claims;

namespace LangGuard.AspNetCore;

/// <summary>Makes a principal from an authenticated user.</summary>
public static class UserPrincipal
{
    private static readonly string[] IdTypes = [ClaimTypes.NameIdentifier, "sub"];
    private static readonly string[] TenantTypes =
        ["tenant", "tid", "http://schemas.microsoft.com/identity/claims/tenantid"];

    /// <summary>Makes a principal from an authenticated user: the id from the name identifier, the tenant from its tenant
    /// claim, and the claims that the host names.</summary>
    /// <param name="user">The user.</param>
    /// <param name="claimTypes">Claims that rules and row filters may use; one that has several values is left out, so that
    /// what needs it is denied.</param>
    /// <returns>Null when the user is not authenticated or has no unambiguous id.</returns>
    public static Principal? FromUser(ClaimsPrincipal user, params string[] claimTypes)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(claimTypes);
        if (user.Identity?.IsAuthenticated != true || !TrySingle(user, IdTypes, out var id) || id is null
            || !TrySingle(user, TenantTypes, out var tenant))
        {
            return null;
        }

        var claims = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var type in claimTypes)
        {
            if (TrySingle(user, [type], out var value) && value is not null)
            {
                claims[type] = value;
            }
        }

        return new Principal(id, tenant, claims);
    }

    /// <summary>The one value of the given claims, or null without any. False when they contradict each other.</summary>
    private static bool TrySingle(ClaimsPrincipal user, string[] types, out string? value)
    {
        value = null;
        // Only identities that were authenticated speak; another one could be set from a header.
        foreach (var claim in user.Identities.Where(identity => identity.IsAuthenticated).SelectMany(identity => identity.Claims))
        {
            if (!types.Contains(claim.Type, StringComparer.Ordinal) || string.IsNullOrWhiteSpace(claim.Value))
            {
                continue;
            }

            if (value is not null && !string.Equals(value, claim.Value, StringComparison.Ordinal))
            {
                return false;
            }

            value = claim.Value;
        }

        return true;
    }
}
