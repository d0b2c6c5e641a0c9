namespace LangGuard;

/// <summary>A misuse layer that shares its counters with others of its kind: two become one with the lower limits.</summary>
internal interface IMergeableLayer
{
    MisuseLayer Merge(MisuseLayer other);
}
