using LangGuard.Data;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace LangGuard.SqlServer;

/// <summary>Collects what a statement uses. Kinds of tables, values and clauses that are not known here are a refusal.</summary>
internal sealed class StatementVisitor(string defaultSchema) : TSqlFragmentVisitor
{
    private readonly List<NamedTableReference> _tables = [];
    private readonly HashSet<string> _commonTables = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _parameters = new(StringComparer.OrdinalIgnoreCase);
    private string? _refusal;

    internal ParsedStatement Result(TSqlStatement statement)
    {
        var (target, from) = statement switch
        {
            InsertStatement insert => (insert.InsertSpecification.Target, null),
            UpdateStatement update => (update.UpdateSpecification.Target, update.UpdateSpecification.FromClause),
            DeleteStatement delete => (delete.DeleteSpecification.Target, delete.DeleteSpecification.FromClause),
            _ => (null, null),
        };
        if (target is not (null or NamedTableReference))
        {
            _refusal ??= "it changes something that is no table";
        }

        var reads = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var targets = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var table in _tables)
        {
            var name = table.SchemaObject;
            if (name.ServerIdentifier is not null || name.DatabaseIdentifier is not null)
            {
                _refusal ??= "it leaves the database";
            }

            var isAlone = name.SchemaIdentifier is null;
            if (isAlone && _commonTables.Contains(name.BaseIdentifier.Value))
            {
                if (ReferenceEquals(table, target))
                {
                    _refusal ??= "it changes a name of WITH";
                }

                continue;
            }

            var full = $"{name.SchemaIdentifier?.Value ?? defaultSchema}.{name.BaseIdentifier.Value}";
            if (!ReferenceEquals(table, target))
            {
                reads.Add(full);
            }
            else if (from is null)
            {
                targets.Add(full);
            }
            else if (FindTarget(table, from) is { } found)
            {
                targets.Add($"{found.SchemaIdentifier?.Value ?? defaultSchema}.{found.BaseIdentifier.Value}");
            }
            else
            {
                _refusal ??= "the table that it changes is not one of FROM";
            }
        }

        return new ParsedStatement(_refusal)
        {
            Kind = statement switch
            {
                InsertStatement => SqlStatementKind.Insert,
                UpdateStatement => SqlStatementKind.Update,
                DeleteStatement => SqlStatementKind.Delete,
                _ => SqlStatementKind.Query,
            },
            Reads = reads,
            Targets = targets,
            Functions = _functions,
            Parameters = _parameters,
            Body = statement is SelectStatement select ? DerivedTable.BodyOf(select) : default,
        };
    }

    public override void Visit(TableReference node)
    {
        if (node is NamedTableReference table)
        {
            if (table.TemporalClause is not null)
            {
                _refusal ??= "it reads the history of a table";
            }

            _tables.Add(table);
        }
        else if (node is not (QualifiedJoin or UnqualifiedJoin or JoinParenthesisTableReference or QueryDerivedTable or InlineDerivedTable
            or SchemaObjectFunctionTableReference or GlobalFunctionTableReference or OpenJsonTableReference or PivotedTableReference
            or UnpivotedTableReference))
        {
            _refusal ??= "it reads something that is no table";
        }
    }

    public override void Visit(CommonTableExpression node) => _commonTables.Add(node.ExpressionName.Value);

    public override void Visit(FunctionCall node) => _functions.Add(node.FunctionName.Value);

    public override void Visit(SchemaObjectFunctionTableReference node)
    {
        if (node.SchemaObject.ServerIdentifier is not null || node.SchemaObject.DatabaseIdentifier is not null)
        {
            _refusal ??= "it leaves the database";
        }

        _functions.Add(node.SchemaObject.BaseIdentifier.Value);
    }

    public override void Visit(GlobalFunctionTableReference node) => _functions.Add(node.Name.Value);

    public override void Visit(OpenJsonTableReference node) => _functions.Add("openjson");

    public override void Visit(VariableReference node) => _parameters.Add(node.Name[1..]);

    public override void Visit(SelectSetVariable node) => _refusal ??= "it sets a variable";

    public override void Visit(NextValueForExpression node) => _refusal ??= "it uses a sequence";

    public override void Visit(OutputIntoClause node) => _refusal ??= "it writes to another table";

    public override void Visit(ExecuteInsertSource node) => _refusal ??= "it runs a procedure";

    public override void Visit(XmlForClause node) => _refusal ??= "its result is XML";

    public override void Visit(BrowseForClause node) => _refusal ??= "it keeps rows for updates";

    public override void Visit(AssignmentSetClause node)
    {
        if (node.Variable is not null)
        {
            _refusal ??= "it sets a variable";
        }
    }

    public override void Visit(GlobalVariableExpression node)
    {
        if (!node.Name.Equals("@@DATEFIRST", StringComparison.OrdinalIgnoreCase)
            && !node.Name.Equals("@@MAX_PRECISION", StringComparison.OrdinalIgnoreCase))
        {
            _refusal ??= "it asks the server about itself";
        }
    }

    public override void Visit(ColumnReferenceExpression node)
    {
        if (node.ColumnType is not (ColumnType.Regular or ColumnType.Wildcard))
        {
            _refusal ??= "it uses a column without its name";
        }
    }

    /// <summary>The table behind the name before SET or behind DELETE: an alias in FROM, or a table there by its own name.</summary>
    private static SchemaObjectName? FindTarget(NamedTableReference target, FromClause from)
    {
        var names = new TableNames();
        foreach (var reference in from.TableReferences)
        {
            reference.Accept(names);
        }

        var name = target.SchemaObject.BaseIdentifier.Value;
        var found = names.Tables.Where(table => string.Equals(
            table.Alias?.Value ?? table.SchemaObject.BaseIdentifier.Value, name, StringComparison.OrdinalIgnoreCase)).ToList();
        return found is [var one] ? one.SchemaObject : null;
    }

    /// <summary>The tables of FROM itself, not those of queries inside.</summary>
    private sealed class TableNames : TSqlConcreteFragmentVisitor
    {
        internal List<NamedTableReference> Tables { get; } = [];

        public override void Visit(NamedTableReference node) => Tables.Add(node);

        public override void ExplicitVisit(QueryDerivedTable node)
        {
        }

        public override void ExplicitVisit(ScalarSubquery node)
        {
        }
    }
}
