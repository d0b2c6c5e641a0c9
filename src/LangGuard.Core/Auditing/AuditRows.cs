using System.Data.Common;
using System.Text;

namespace LangGuard.Auditing;

/// <summary>Reads what audit tables hold; the columns are the same in every database.</summary>
internal static class AuditRows
{
    /// <summary>Visits rows of number, hash and record.</summary>
    internal static void Visit(DbCommand command, Action<AuditRow> visit)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            visit(new AuditRow(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), Encoding.UTF8.GetBytes(reader.GetString(2))));
        }
    }

    /// <summary>Puts checkpoints together, a line each.</summary>
    internal static string Checkpoints(DbCommand command)
    {
        using var reader = command.ExecuteReader();
        var text = new StringBuilder();
        while (reader.Read())
        {
            text.Append(reader.GetString(0)).Append('\n');
        }

        return text.ToString();
    }
}
