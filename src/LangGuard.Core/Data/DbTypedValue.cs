namespace LangGuard.Data;

/// <summary>A value of a parameter with the type that the caller gave it, in the driver's own numbers.</summary>
internal sealed record DbTypedValue(object? Value, int Type);
