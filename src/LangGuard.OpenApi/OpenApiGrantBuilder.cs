namespace LangGuard.OpenApi;

/// <summary>Says which operations of a document are granted, and where its server is.</summary>
public sealed class OpenApiGrantBuilder
{
    internal OpenApiGrantBuilder()
    {
    }

    internal string? ServerUrl { get; private set; }

    internal HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

    internal HashSet<string> AllOfTags { get; } = new(StringComparer.Ordinal);

    internal HashSet<string> ReadsOfTags { get; } = new(StringComparer.Ordinal);

    internal List<string> Networks { get; } = [];

    internal string? Credential { get; private set; }

    /// <summary>Where the API is: an absolute https URL. Never taken from the document. Plain http is possible only together
    /// with <see cref="Private"/>.</summary>
    public OpenApiGrantBuilder Server(string url)
    {
        ServerUrl = url;
        return this;
    }

    /// <summary>Grants operations by id.</summary>
    public OpenApiGrantBuilder Operations(params string[] ids)
    {
        Ids.UnionWith(ids);
        return this;
    }

    /// <summary>Grants the GET and HEAD operations that have one of these tags.</summary>
    public OpenApiGrantBuilder ReadsTagged(params string[] tags)
    {
        ReadsOfTags.UnionWith(tags);
        return this;
    }

    /// <summary>Grants every operation that has one of these tags, also those that write or delete.</summary>
    public OpenApiGrantBuilder Tagged(params string[] tags)
    {
        AllOfTags.UnionWith(tags);
        return this;
    }

    /// <summary>Opens private networks for the server.</summary>
    public OpenApiGrantBuilder Private(params string[] networks)
    {
        Networks.AddRange(networks);
        return this;
    }

    /// <summary>Attaches a credential of the policy to every request.</summary>
    public OpenApiGrantBuilder Inject(string credential)
    {
        Credential = credential;
        return this;
    }
}
