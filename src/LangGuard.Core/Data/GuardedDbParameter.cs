using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace LangGuard.Data;

/// <summary>A parameter: a name and a plain value. Copied when the statement is decided on, so that a later change of it has
/// no effect.</summary>
internal sealed class GuardedDbParameter : DbParameter
{
    public override DbType DbType { get; set; } = DbType.Object;

    public override ParameterDirection Direction
    {
        get => ParameterDirection.Input;
        set
        {
            if (value != ParameterDirection.Input)
            {
                throw new NotSupportedException("Only input parameters are supported.");
            }
        }
    }

    public override bool IsNullable { get; set; }

    [AllowNull]
    public override string ParameterName { get; set => field = value ?? string.Empty; } = string.Empty;

    public override int Size { get; set; }

    [AllowNull]
    public override string SourceColumn { get; set => field = value ?? string.Empty; } = string.Empty;

    public override bool SourceColumnNullMapping { get; set; }

    public override object? Value { get; set; }

    public override void ResetDbType() => DbType = DbType.Object;
}
