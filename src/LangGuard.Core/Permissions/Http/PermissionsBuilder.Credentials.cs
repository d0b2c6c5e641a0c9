using LangGuard.Http;
using LangGuard.Permissions;

namespace LangGuard;

/// <content>Credentials of a policy.</content>
public sealed partial class PermissionsBuilder
{
    /// <summary>Adds a credential that rules attach by <c>inject NAME</c>. The agent never sees it, and whatever it sends
    /// in the credential's place is refused.</summary>
    /// <param name="name">The name of the credential; unique.</param>
    /// <param name="url">Where it may be sent: <c>https://api.example.com/v1/**</c>.</param>
    /// <param name="configure">Where it goes in the request, and where its secret comes from.</param>
    public PermissionsBuilder Credential(string name, string url, Action<CredentialBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = Add(Options.Credentials, "Credentials", name, new CredentialOptions { Url = url });
        configure(new CredentialBuilder(name, options, _policy.Collect<CredentialSources>()));
        return this;
    }

    /// <summary>Asks this broker for the secrets of all credentials that name a key.</summary>
    public PermissionsBuilder UseCredentialBroker(ICredentialBroker broker)
    {
        _policy.Provide(broker);
        return this;
    }
}
