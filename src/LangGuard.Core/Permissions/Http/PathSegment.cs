namespace LangGuard.Permissions;

/// <summary>One segment of a path template: a literal, a slot, or any number of segments.</summary>
internal sealed class PathSegment
{
    private readonly string? _literal;
    private readonly SlotRule? _slot;

    private PathSegment(string? literal, SlotRule? slot)
    {
        _literal = literal;
        _slot = slot;
    }

    public static PathSegment AnyNumber { get; } = new(null, null);

    public bool IsAnyNumber => _literal is null && _slot is null;

    public string? Text => _literal;

    public SlotRule? Slot => _slot;

    public static PathSegment Literal(string text) => new(text, null);

    public static PathSegment OfSlot(SlotRule slot) => new(null, slot);

    public bool Accepts(ReadOnlySpan<char> segment) =>
        _literal is not null ? segment.SequenceEqual(_literal) : _slot is not null && _slot.Accepts(segment);

    public bool AcceptsLoosely(ReadOnlySpan<char> segment) =>
        _literal is not null
            ? segment.Equals(_literal, StringComparison.OrdinalIgnoreCase)
            : _slot is not null && _slot.Accepts(segment);
}
