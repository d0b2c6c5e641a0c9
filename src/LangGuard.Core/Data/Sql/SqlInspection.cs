namespace LangGuard.Data;

/// <summary>The outcome of reading a text: facts, or why there are none. Exactly one of the two is set.</summary>
internal sealed class SqlInspection
{
    internal SqlInspection(SqlFacts facts) => Facts = facts;

    internal SqlInspection(SqlRefusal refusal) => Refusal = refusal;

    internal SqlFacts? Facts { get; }

    internal SqlRefusal? Refusal { get; }
}
