namespace LangGuard;

/// <summary>The walls that hold if a layer above is wrong, one entry for each.</summary>
public sealed class DefenseOptions
{
}
