namespace LangGuard.Files;

/// <summary>Source and destination of a move or copy.</summary>
internal sealed class HeldPair(IHeldObject first, IHeldObject second) : IHeldObject
{
    public string? State => $"{first.State}/{second.State}";

    public bool StillHolds() => first.StillHolds() && second.StillHolds();
}
