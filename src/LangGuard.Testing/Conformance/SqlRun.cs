using System.Data.Common;
using System.Globalization;

namespace LangGuard.Testing.Conformance;

/// <summary>What one text did on one connection.</summary>
/// <param name="Error">How it failed, or null.</param>
/// <param name="Rows">The rows, one text each, of the first result.</param>
internal sealed record SqlRun(Exception? Error, IReadOnlyList<string> Rows)
{
    public Decision? Denial => (Error as IAccessDenied)?.Decision;

    /// <summary>Runs a text to its end, every statement of it.</summary>
    /// <param name="connection">Guarded or not.</param>
    /// <param name="text">The text.</param>
    /// <param name="maxRows">Rows after which it is enough.</param>
    public static SqlRun Of(DbConnection connection, string text, int maxRows)
    {
        var rows = new List<string>();
        try
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // To run any text is what this is for.
            command.CommandText = text;
#pragma warning restore CA2100
            using var reader = command.ExecuteReader();
            var isFirst = true;
            do
            {
                for (var read = 0; read < maxRows && reader.Read(); read++)
                {
                    if (isFirst)
                    {
                        rows.Add(Row(reader));
                    }
                }

                isFirst = false;
            }
            while (reader.NextResult());

            return new SqlRun(null, rows);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return new SqlRun(error, rows);
        }
    }

    private static string Row(DbDataReader reader) => string.Join(
        '\u001f', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column) switch
        {
            byte[] bytes => Convert.ToHexString(bytes),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture),
        }));
}
