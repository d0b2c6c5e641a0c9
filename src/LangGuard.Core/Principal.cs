using System.Collections.Frozen;

namespace LangGuard;

/// <summary>On whose behalf an agent acts. It comes from the host's authentication, never from a model.</summary>
public sealed class Principal
{
    /// <summary>Creates a principal.</summary>
    /// <param name="id">The stable id of the user or service; not empty.</param>
    /// <param name="tenant">The tenant, or null where the host has only one.</param>
    /// <param name="claims">Named values that row filters and rules may use, such as <c>region</c>.</param>
    public Principal(string id, string? tenant = null, IEnumerable<KeyValuePair<string, string>>? claims = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        Id = id;
        Tenant = tenant;
        Claims = (claims ?? []).ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The stable id.</summary>
    public string Id { get; }

    /// <summary>The tenant, or null.</summary>
    public string? Tenant { get; }

    /// <summary>Named values from the host's authentication.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; }

    /// <summary>Whether both stand for the same user of the same tenant.</summary>
    public bool IsSameAs(Principal? other) =>
        other is not null
        && string.Equals(Id, other.Id, StringComparison.Ordinal)
        && string.Equals(Tenant, other.Tenant, StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => Tenant is null ? Id : $"{Tenant}/{Id}";
}
