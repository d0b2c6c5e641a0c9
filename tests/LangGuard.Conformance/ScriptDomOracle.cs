using LangGuard.Data;
using LangGuard.SqlServer;

namespace LangGuard.Conformance;

/// <summary>SQL Server without a server: Microsoft's own parser. A text that it reads as two statements, or with a table that is
/// not among the facts, is missed.</summary>
internal sealed class ScriptDomOracle(SqlSchema schema) : SqlOracle
{
    public override SqlSchema Schema { get; } = schema;

    public override string? Missed(string sql, SqlFacts facts, out bool isComparable)
    {
        var text = sql[..facts.End];
        var parsed = SecondOpinion.Parse(text, Schema.DefaultSchema);

        // What the parser can not read, the guard refuses: nothing is missed.
        isComparable = parsed.Refusal != SecondOpinion.Unreadable;
        if (!isComparable)
        {
            // The whole text: what the inspector cut off at the end must not make it readable.
            return SecondOpinion.Parse(sql, Schema.DefaultSchema).Refusal == SecondOpinion.Unreadable ? null : "a longer text";
        }

        return parsed.Refusal ?? SecondOpinion.Disagreement(text, facts, Schema.DefaultSchema);
    }

    public override void Dispose()
    {
    }
}
