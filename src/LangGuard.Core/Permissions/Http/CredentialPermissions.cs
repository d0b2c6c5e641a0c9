using LangGuard.Http;
using LangGuard.Permissions;

namespace LangGuard;

/// <summary>Credentials of a policy.</summary>
public static class CredentialPermissions
{
    extension(PermissionsBuilder permissions)
    {
        /// <summary>Adds a credential that rules attach by <c>inject NAME</c>. The agent never sees it, and whatever it sends
        /// in the credential's place is refused.</summary>
        /// <param name="name">The name of the credential; unique.</param>
        /// <param name="url">Where it may be sent: <c>https://api.example.com/v1/**</c>.</param>
        /// <param name="configure">Where it goes in the request, and where its secret comes from.</param>
        public PermissionsBuilder Credential(string name, string url, Action<CredentialBuilder> configure)
        {
            ArgumentNullException.ThrowIfNull(permissions);
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            ArgumentNullException.ThrowIfNull(configure);
            var policy = permissions.Policy;
            var options = new CredentialOptions { Url = url };
            if (!policy.Options.LimitPermissions.Credentials.TryAdd(name, options))
            {
                policy.Errors.Add(
                    $"LimitPermissions:Credentials:{name}", name, "The name is given twice.", "Use another name, or keep one.");
            }

            configure(new CredentialBuilder(name, options, policy.Collect<CredentialSources>()));
            return permissions;
        }

        /// <summary>Asks this broker for the secrets of all credentials that name a key.</summary>
        public PermissionsBuilder UseCredentialBroker(ICredentialBroker broker)
        {
            ArgumentNullException.ThrowIfNull(permissions);
            permissions.Policy.Provide(broker);
            return permissions;
        }
    }
}
