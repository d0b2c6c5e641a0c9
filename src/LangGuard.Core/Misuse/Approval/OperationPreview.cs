namespace LangGuard.Misuse;

/// <summary>What an operation changes, for a person who is asked about it. <c>default</c> adds nothing to the canonical
/// effect.</summary>
/// <param name="Text">The change, one line each; null for nothing.</param>
/// <param name="HidesContent">Whether something of the change is not shown, so that no short answer may approve it.</param>
internal readonly record struct OperationPreview(string? Text, bool HidesContent = false);
