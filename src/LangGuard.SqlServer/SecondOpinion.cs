using System.Runtime.CompilerServices;
using LangGuard.Data;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace LangGuard.SqlServer;

/// <summary>What Microsoft's own parser says of a text. It has to agree with the inspector that the text is one statement, of
/// which kind, and which tables, functions and parameters it uses: where the two differ, nothing runs.</summary>
internal static class SecondOpinion
{
    /// <summary>Why a text is refused that is no Transact-SQL.</summary>
    internal const string Unreadable = "it can not be read";

    /// <summary>Facts are kept for texts that come again, and so is what was found about them.</summary>
    private static readonly ConditionalWeakTable<SqlFacts, Verdict> Known = [];

    /// <summary>Reads a text.</summary>
    /// <param name="sql">The text that will run.</param>
    /// <param name="defaultSchema">The schema of names without one.</param>
    internal static ParsedStatement Parse(string sql, string defaultSchema)
    {
        var parser = new TSql180Parser(initialQuotedIdentifiers: true);
        using var reader = new StringReader(sql);
        var tree = parser.Parse(reader, out var errors);
        if (errors.Count > 0)
        {
            return new ParsedStatement(Unreadable);
        }

        if (tree is not TSqlScript { Batches: [{ Statements: [var statement] }] })
        {
            return new ParsedStatement("it is not one statement");
        }

        if (statement is not (SelectStatement { Into: null } or InsertStatement or UpdateStatement or DeleteStatement))
        {
            return new ParsedStatement("it is neither a query nor a change of rows");
        }

        var visitor = new StatementVisitor(defaultSchema);
        statement.Accept(visitor);
        return visitor.Result(statement);
    }

    /// <summary>Why a text that the inspector understood does not run, or null when both agree.</summary>
    internal static string? Disagreement(string sql, SqlFacts facts, string defaultSchema) =>
        Known.GetValue(facts, known => new Verdict(Compare(Parse(sql, defaultSchema), known, defaultSchema))).Reason;

    private static string? Compare(ParsedStatement parsed, SqlFacts facts, string defaultSchema)
    {
        if (parsed.Refusal is not null)
        {
            return parsed.Refusal;
        }

        if (parsed.Kind != facts.Kind)
        {
            return "it is another kind of statement";
        }

        var tables = facts.Tables.Select(table => $"{table.Schema ?? defaultSchema}.{table.Name}").ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!tables.SetEquals(parsed.Reads.Concat(parsed.Targets)))
        {
            return "it uses other tables";
        }

        var targets = facts.Changes.Select(change => $"{change.Target.Schema ?? defaultSchema}.{change.Target.Name}")
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!targets.SetEquals(parsed.Targets))
        {
            return "it changes other tables";
        }

        if (!facts.Functions.Select(function => function.Name).ToHashSet(StringComparer.OrdinalIgnoreCase).IsSupersetOf(parsed.Functions))
        {
            return "it calls other functions";
        }

        return facts.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(parsed.Parameters)
            ? null
            : "it uses other parameters";
    }

    private sealed record Verdict(string? Reason);
}
