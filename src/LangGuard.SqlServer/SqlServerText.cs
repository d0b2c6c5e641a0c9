using System.Data;
using System.Globalization;
using System.Text;
using LangGuard.Data;
using Microsoft.Data.SqlClient;

namespace LangGuard.SqlServer;

/// <summary>The texts that go to the server around and for a statement.</summary>
/// <remarks>A statement travels as a value, which the server's own procedure runs in a scope of its own: settings that it could
/// make would end with it, and a transaction that it could end would be an error.</remarks>
internal static class SqlServerText
{
    /// <summary>How the inspector reads quotes and NULL, and the limits of the session.</summary>
    internal static string Settings(long rows, bool endsOnError) => string.Create(CultureInfo.InvariantCulture, $"""
        SET QUOTED_IDENTIFIER ON; SET ANSI_NULLS ON; SET ANSI_PADDING ON; SET ANSI_WARNINGS ON; SET ARITHABORT ON; SET CONCAT_NULL_YIELDS_NULL ON; SET NUMERIC_ROUNDABORT OFF; SET IMPLICIT_TRANSACTIONS OFF; SET NOCOUNT OFF; SET LOCK_TIMEOUT 2000; SET DEADLOCK_PRIORITY LOW; SET XACT_ABORT {(endsOnError ? "ON" : "OFF")}; SET ROWCOUNT {Math.Clamp(rows, 0, int.MaxValue)};
        """);

    /// <summary>What a transaction sees: the database as it was when it began, where the database keeps that.</summary>
    internal static string Isolation(bool hasSnapshots, bool repeatable = false) =>
        $"SET TRANSACTION ISOLATION LEVEL {(hasSnapshots ? "SNAPSHOT" : repeatable ? "REPEATABLE READ" : "READ COMMITTED")};";

    /// <summary>Nothing runs outside of the transaction that the guard began.</summary>
    internal const string InTransaction = "IF @@TRANCOUNT = 0 THROW 51000, N'langguard', 1;";

    /// <summary>Adds the run of a statement with its parameters.</summary>
    internal static void Execute(StringBuilder text, SqlCommand command, string sql, EngineStatement statement)
    {
        var declarations = new StringBuilder();
        var arguments = new StringBuilder();
        foreach (var name in Names(statement))
        {
            var value = ValueOf(statement, name);
            var (type, parameter) = Typed(string.Create(CultureInfo.InvariantCulture, $"@langguard_{command.Parameters.Count}"), value);
            declarations.Append(declarations.Length == 0 ? "@" : ", @").Append(name).Append(' ').Append(type);
            arguments.Append(", @").Append(name).Append(" = ").Append(parameter.ParameterName);
            command.Parameters.Add(parameter);
        }

        command.Parameters.Add(new SqlParameter("@langguard_text", SqlDbType.NVarChar, -1) { Value = sql });
        text.Append("EXEC sys.sp_executesql @langguard_text");
        if (declarations.Length > 0)
        {
            command.Parameters.Add(new SqlParameter("@langguard_types", SqlDbType.NVarChar, -1) { Value = declarations.ToString() });
            text.Append(", @langguard_types").Append(arguments);
        }

        text.Append(';');
    }

    internal static string Quote(string name) => $"[{name.Replace("]", "]]", StringComparison.Ordinal)}]";

    internal static string Literal(string text) => $"N'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static IEnumerable<string> Names(EngineStatement statement) => statement.Facts is { } facts
        ? facts.Parameters.Select(mark => mark.Name).Distinct(StringComparer.OrdinalIgnoreCase)
        : statement.Parameters.Select(parameter => parameter.Key.TrimStart('@')).Where(IsName).Distinct(StringComparer.OrdinalIgnoreCase);

    private static bool IsName(string name) => name.Length is > 0 and < 100 && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');

    private static object? ValueOf(EngineStatement statement, string name)
    {
        foreach (var parameter in statement.Parameters)
        {
            if (parameter.Key.AsSpan().TrimStart('@').Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return parameter.Value;
            }
        }

        throw new InvalidOperationException($"The statement has no value for its parameter @{name}.");
    }

    /// <summary>A value with its type for both sides.</summary>
    private static (string Type, SqlParameter Parameter) Typed(string name, object? value)
    {
        var (type, kind, plain) = value switch
        {
            null or DBNull => ("nvarchar(4000)", SqlDbType.NVarChar, DBNull.Value),
            DbTypedValue typed => Typed(typed.Value),
            _ => Typed(value),
        };
        var parameter = new SqlParameter(name, kind) { Value = plain };
        if (plain is decimal number)
        {
            parameter.Precision = 38;
            parameter.Scale = number.Scale;
        }

        return (type, parameter);
    }

    private static (string Type, SqlDbType Kind, object Value) Typed(object? value) => value switch
    {
        null or DBNull => ("nvarchar(4000)", SqlDbType.NVarChar, DBNull.Value),
        string text => (text.Length <= 4_000 ? "nvarchar(4000)" : "nvarchar(max)", SqlDbType.NVarChar, text),
        char letter => ("nvarchar(4000)", SqlDbType.NVarChar, letter.ToString()),
        bool flag => ("bit", SqlDbType.Bit, flag),
        byte small => ("tinyint", SqlDbType.TinyInt, small),
        short small => ("smallint", SqlDbType.SmallInt, small),
        int number => ("int", SqlDbType.Int, number),
        sbyte or ushort or uint or long or Enum => ("bigint", SqlDbType.BigInt, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        ulong number => ("decimal(38, 0)", SqlDbType.Decimal, (decimal)number),
        decimal number => (string.Create(CultureInfo.InvariantCulture, $"decimal(38, {number.Scale})"), SqlDbType.Decimal, number),
        float number => ("real", SqlDbType.Real, number),
        double number => ("float", SqlDbType.Float, number),
        DateTime time => ("datetime2(7)", SqlDbType.DateTime2, time),
        DateTimeOffset time => ("datetimeoffset(7)", SqlDbType.DateTimeOffset, time),
        DateOnly date => ("date", SqlDbType.Date, date.ToDateTime(TimeOnly.MinValue)),
        TimeOnly time => ("time(7)", SqlDbType.Time, time.ToTimeSpan()),
        TimeSpan time => ("time(7)", SqlDbType.Time, time),
        Guid id => ("uniqueidentifier", SqlDbType.UniqueIdentifier, id),
        byte[] bytes => ("varbinary(max)", SqlDbType.VarBinary, bytes),
        _ => throw new InvalidOperationException("A parameter has a type that this database does not take."),
    };
}
