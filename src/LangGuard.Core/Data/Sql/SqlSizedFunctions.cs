using System.Collections.Frozen;
using System.Globalization;

namespace LangGuard.Data;

/// <summary>Functions of one dialect that make a large value from a short text.</summary>
internal sealed class SqlSizedFunctions
{
    private static readonly Dictionary<SqlDialect, SqlSizedFunctions> All = new()
    {
        [SqlDialect.Sqlite] = new(
            format: "printf:0 format:0", product: "replace",
            growth: "hex:2 quote:2 unistr_quote:2 json_quote:2 json_array:2 json_object:2"),
        [SqlDialect.PostgreSql] = new(
            "repeat:1 lpad:1 rpad:1", elements: "array_fill:1", format: "format:0", product: "replace regexp_replace array_to_string",
            growth: "encode:4 quote_literal:2 quote_ident:2 quote_nullable:2 to_json:2 to_jsonb:2 row_to_json:2 json_build_array:2 json_build_object:2 "
            + "json_array:2 json_object:2 json_scalar:2"),
        [SqlDialect.MySql] = new("repeat:1 lpad:1 rpad:1 space:0", format: "sformat:0", product: "replace regexp_replace",
            growth: "hex:2 quote:2 json_quote:2 json_array:2 json_object:2 to_base64:2"),
        [SqlDialect.TSql] = new("replicate:1 space:0", format: "format:1", product: "replace", growth: "string_escape:2 json_array:2 json_object:2"),
        [SqlDialect.DuckDb] = new(
            "repeat:1 lpad:1 rpad:1 bitstring:1 bar:3 to_base:2",
            "list_resize:1 array_resize:1 equi_width_bins:2 approx_top_k:1 reservoir_quantile:2 min:1 max:1 arg_min:2 arg_max:2 "
            + "argmin:2 argmax:2 min_by:2 max_by:2",
            "format:0 printf:0",
            "replace regexp_replace array_to_string array_to_string_comma_default list_aggr list_aggregate array_aggr array_aggregate "
            + "aggregate list_string_agg list_transform list_apply array_transform array_apply apply damerau_levenshtein",
            "range generate_series",
            "list_reduce array_reduce reduce",
            "hex:2 to_hex:2 bin:8 to_binary:8 encode:4 base64:2 to_base64:2 url_encode:3 regexp_escape:2 json_quote:2 to_json:2 row_to_json:2 "
            + "array_to_json:2 json_array:2 json_object:2"),
    };

    private readonly FrozenDictionary<string, (SqlSizeRule Rule, int Argument)>.AlternateLookup<ReadOnlySpan<char>> _functions;

    private SqlSizedFunctions(
        string characters = "", string elements = "", string format = "", string product = "", string range = "",
        string reduction = "",
        string growth = "")
    {
        var functions = new Dictionary<string, (SqlSizeRule Rule, int Argument)>(StringComparer.Ordinal);
        Add(characters, SqlSizeRule.Characters);
        Add(elements, SqlSizeRule.Elements);
        Add(format, SqlSizeRule.Format);
        Add(product, SqlSizeRule.Product);
        Add(range, SqlSizeRule.Range);
        Add(reduction, SqlSizeRule.Reduction);
        Add(growth, SqlSizeRule.Growth);
        _functions = functions.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

        void Add(string names, SqlSizeRule rule)
        {
            foreach (var name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var colon = name.IndexOf(':', StringComparison.Ordinal);
                functions.Add(
                    colon < 0 ? name : name[..colon],
                    (rule, colon < 0 ? 0 : int.Parse(name[(colon + 1)..], CultureInfo.InvariantCulture)));
            }
        }
    }

    internal static SqlSizedFunctions For(SqlDialect dialect) => All[dialect];

    /// <summary>The rule of a function, and the place of the argument that it speaks of; or how many times it grows.</summary>
    internal (SqlSizeRule Rule, int Argument) Find(ReadOnlySpan<char> name) =>
        _functions.TryGetValue(name, out var found) ? found : (SqlSizeRule.None, 0);
}
