namespace LangGuard.Permissions;

/// <summary>What a path slot or a query value may hold.</summary>
internal enum SlotKind : byte
{
    Text,
    Int,
    Number,
    Bool,
    Uuid,
    Hex,
    Slug,
    Date,
    Choice,
}
