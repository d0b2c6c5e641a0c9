namespace LangGuard.Misuse;

/// <summary>What a piece of text names.</summary>
internal enum EntityKind
{
    None,
    Email,
    Url,
    Host,
    Iban,
    Id,
    Path,
}
