using System.Security.Cryptography;
using System.Text;

namespace AspNetCoreHost.Security;

/// <summary>The users of both tenants, with keys that are made anew at each start. A real host has an identity provider.</summary>
internal sealed class Users
{
    internal static readonly string[] Tenants = ["contoso", "fabrikam"];

    private readonly Dictionary<string, User> _byKeyHash;

    private Users(IReadOnlyList<User> all)
    {
        All = all;
        _byKeyHash = all.ToDictionary(user => HashOf(user.Key), StringComparer.Ordinal);
    }

    internal IReadOnlyList<User> All { get; }

    /// <summary>The same names in each tenant: a name alone must never open anything.</summary>
    internal static Users Create(int perTenant) => new(
        [.. Tenants.SelectMany(tenant => Enumerable.Range(0, perTenant)
            .Select(i => new User(NameOf(i), tenant, IsApprover: false, NewKey()))
            .Append(new User("lead", tenant, IsApprover: true, NewKey())))]);

    internal static string NameOf(int number) => FormattableString.Invariant($"user{number:00}");

    /// <summary>By hash, so that the time of a look-up says nothing about a key.</summary>
    internal User? Find(string key) => _byKeyHash.GetValueOrDefault(HashOf(key));

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static string HashOf(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
