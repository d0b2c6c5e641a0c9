namespace LangGuard.Misuse;

/// <summary>Whether secrets may leave in what an agent sends.</summary>
internal sealed class SecretOptions
{
    /// <summary>Turns the layer off. Default: no.</summary>
    public bool Unguarded { get; set; }
}
