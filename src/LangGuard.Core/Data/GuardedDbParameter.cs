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

    /// <summary>Whether a value is plain data: nothing that a driver would read from, run or look into.</summary>
    internal static bool IsPlain(object? value) => value is null or DBNull or bool or byte or sbyte or short or ushort or int
        or uint or long or ulong or float or double or decimal or char or string or byte[] or DateTime or DateTimeOffset
        or DateOnly or TimeOnly or TimeSpan or Guid || value.GetType().IsEnum;
}
