namespace LangGuard.Permissions;

/// <summary>A credential that the guard attaches to requests of rules with <c>inject</c>. Holds no secret: only the keys under
/// which the broker knows them.</summary>
internal sealed class CredentialOptions
{
    /// <summary>Where the secret may be sent, as the URL of a rule: <c>https://api.example.com/v1/**</c>. Required; one host,
    /// no <c>*</c>.</summary>
    public string? Url { get; set; }

    /// <summary>Where in the request it goes. Default: <see cref="CredentialKind.Bearer"/>.</summary>
    public CredentialKind Kind { get; set; }

    /// <summary>The header or query key of <see cref="CredentialKind.Header"/> and <see cref="CredentialKind.Query"/>; the user
    /// name of <see cref="CredentialKind.Basic"/>. Null for <see cref="CredentialKind.Bearer"/>.</summary>
    public string? Name { get; set; }

    /// <summary>The broker's key of the secret for GET, HEAD and OPTIONS. Null: reading has no credential and is denied.</summary>
    public string? ReadKey { get; set; }

    /// <summary>The broker's key of the secret for every other method. Null: writing has no credential and is denied.</summary>
    public string? WriteKey { get; set; }
}
