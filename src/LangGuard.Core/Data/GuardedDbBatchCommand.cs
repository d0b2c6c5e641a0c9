using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace LangGuard.Data;

/// <summary>One statement of a batch behind the guard.</summary>
internal sealed class GuardedDbBatchCommand(DatabaseEngine engine) : DbBatchCommand
{
    private readonly GuardedDbParameterCollection _parameters = new(engine);
    private int _affected = -1;

    [AllowNull]
    public override string CommandText { get; set => field = value ?? string.Empty; } = string.Empty;

    public override CommandType CommandType
    {
        get => CommandType.Text;
        set
        {
            if (value != CommandType.Text)
            {
                throw new NotSupportedException("Only statements as text are supported; stored procedures can not be inspected.");
            }
        }
    }

    public override int RecordsAffected => _affected;

    public override bool CanCreateParameter => true;

    protected override DbParameterCollection DbParameterCollection => _parameters;

    internal GuardedDbParameterCollection Values => _parameters;

    public override DbParameter CreateParameter() => _parameters.Create();

    internal void Ran(int affected) => _affected = affected;
}
