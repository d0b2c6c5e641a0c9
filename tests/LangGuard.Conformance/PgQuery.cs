using System.Runtime.InteropServices;
using System.Text.Json;

namespace LangGuard.Conformance;

/// <summary>The server's own grammar as a library (Debian: libpg-query-dev), where it is installed.</summary>
internal sealed unsafe class PgQuery
{
    private readonly delegate* unmanaged[Cdecl]<byte*, Result> _parse;
    private readonly delegate* unmanaged[Cdecl]<Result, void> _free;

    private PgQuery(nint library)
    {
        _parse = (delegate* unmanaged[Cdecl]<byte*, Result>)NativeLibrary.GetExport(library, "pg_query_parse");
        _free = (delegate* unmanaged[Cdecl]<Result, void>)NativeLibrary.GetExport(library, "pg_query_free_parse_result");
    }

    public static PgQuery? TryLoad() => NativeLibrary.TryLoad("libpg_query.so", out var library) ? new PgQuery(library) : null;

    /// <summary>What stands in a text, or null when the grammar refuses it.</summary>
    public Tree? Parse(string sql)
    {
        var text = Marshal.StringToCoTaskMemUTF8(sql);
        var result = _parse((byte*)text);
        try
        {
            if (result.Error != 0)
            {
                return null;
            }

            using var document = JsonDocument.Parse(Marshal.PtrToStringUTF8(result.Json)!, new JsonDocumentOptions { MaxDepth = 4096 });
            var tree = new Tree();
            if (document.RootElement.TryGetProperty("stmts", out var statements))
            {
                tree.Statements = statements.GetArrayLength();
                Walk(statements, tree);
            }

            return tree;
        }
        finally
        {
            _free(result);
            Marshal.FreeCoTaskMem(text);
        }
    }

    private static void Walk(JsonElement node, Tree tree)
    {
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
            {
                Walk(item, tree);
            }
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in node.EnumerateObject())
            {
                if (property.Name is "RangeVar" or "relation" && property.Value.ValueKind == JsonValueKind.Object
                    && property.Value.TryGetProperty("relname", out var name))
                {
                    tree.Tables.Add(name.GetString()!);
                }

                // What the grammar itself makes a call has a location and a name like any other; SQL's own forms have another format.
                if (property.Name == "FuncCall" && property.Value.TryGetProperty("funcname", out var names)
                    && !(property.Value.TryGetProperty("funcformat", out var format) && format.GetString() == "COERCE_SQL_SYNTAX"))
                {
                    tree.Functions.Add(names.EnumerateArray().Last().GetProperty("String").EnumerateObject().First().Value.GetString()!);
                }

                Walk(property.Value, tree);
            }
        }
    }

    internal sealed class Tree
    {
        public int Statements { get; set; }

        public HashSet<string> Tables { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Functions { get; } = new(StringComparer.Ordinal);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Result
    {
        public readonly nint Json;
        public readonly nint Errors;
        public readonly nint Error;
    }
}
