using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using LangGuard.Data;

namespace LangGuard.DuckDb;

/// <summary>What the engine itself takes a text for, on the connection on which it runs.</summary>
internal static partial class DuckDbStatements
{
    // Numbers: duckdb_statement_type in duckdb.h.
    private const int Select = 1;
    private const int Insert = 2;
    private const int Update = 3;
    private const int Explain = 4;
    private const int Delete = 5;

    /// <summary>Whether a text is one statement, and of this kind.</summary>
    /// <exception cref="DuckDBException">Never; a text that can not be read is not.</exception>
    internal static bool IsOne(DuckDBConnection connection, string text, SqlStatementKind kind)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        var count = NativeMethods.ExtractStatements.DuckDBExtractStatements(connection.NativeConnection, text, out var statements);
        using (statements)
        {
            if (count != 1)
            {
                return false;
            }

            var state = NativeMethods.ExtractStatements.DuckDBPrepareExtractedStatement(connection.NativeConnection, statements, 0, out var prepared);
            using (prepared)
            {
                // Why it can not be prepared is said when it runs.
                return state != DuckDBState.Success || TypeOf(prepared.DangerousGetHandle()) == kind switch
                {
                    SqlStatementKind.Insert => Insert,
                    SqlStatementKind.Update => Update,
                    SqlStatementKind.Delete => Delete,
                    SqlStatementKind.Explain => Explain,
                    _ => Select,
                };
            }
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    [SuppressMessage("Security", "CA5393", Justification = "The engine is the package's own file and lies beside the assemblies.")]
    [LibraryImport("duckdb", EntryPoint = "duckdb_prepared_statement_type")]
    private static partial int TypeOf(nint statement);
}
