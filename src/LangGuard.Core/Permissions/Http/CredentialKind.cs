namespace LangGuard.Permissions;

/// <summary>Where in a request a credential goes.</summary>
internal enum CredentialKind
{
    /// <summary><c>Authorization: Bearer</c>.</summary>
    Bearer,

    /// <summary><c>Authorization: Basic</c>, with the user name of the options and the secret as password.</summary>
    Basic,

    /// <summary>A header of its own.</summary>
    Header,

    /// <summary>A query key. Prefer a header where the server knows one: URLs are logged by servers.</summary>
    Query,
}
