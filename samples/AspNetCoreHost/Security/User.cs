namespace AspNetCoreHost.Security;

/// <summary>A user of one tenant.</summary>
/// <param name="Name">The name; two tenants may have the same.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="IsApprover">Whether the user answers approval requests of the tenant.</param>
/// <param name="Key">The secret key of the user.</param>
internal sealed record User(string Name, string Tenant, bool IsApprover, string Key);
