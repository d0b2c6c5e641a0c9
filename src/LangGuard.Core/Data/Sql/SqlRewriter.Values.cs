using System.Globalization;
using System.Text;

namespace LangGuard.Data;

/// <summary>Conditions, hashes and names as each engine writes them.</summary>
internal sealed partial class SqlRewriter
{
    private void AppendFilters(StringBuilder text, SqlTableScope scope, string? qualifier)
    {
        for (var i = 0; i < scope.Filters.Count; i++)
        {
            var filter = scope.Filters[i];
            text.Append(i == 0 ? string.Empty : " AND ");
            if (_writesValues)
            {
                text.Append("encode(CAST(");
                AppendColumn(text, qualifier, filter.Column);
                text.Append(" AS VARCHAR)) = from_hex('").Append(Convert.ToHexString(Encoding.UTF8.GetBytes(filter.Value))).Append("')");
                continue;
            }

            var parameter = ParameterFor(filter.Value);
            if (IsDuckDb)
            {
                text.Append("CAST(");
            }

            AppendColumn(text, qualifier, filter.Column);
            text.Append(IsDuckDb ? " AS VARCHAR)" : string.Empty);
            if (IsDuckDb)
            {
                // A column may compare texts without regard to case or accents; bytes are compared as they are.
                text.Append(" = CAST($").Append(parameter).Append(" AS VARCHAR) AND encode(CAST(");
                AppendColumn(text, qualifier, filter.Column);
                text.Append(" AS VARCHAR)) = encode(CAST($").Append(parameter).Append(" AS VARCHAR))");
                continue;
            }

            text.Append(" = @").Append(parameter);
            if (IsTSql)
            {
                // There texts are equal to others in case and blanks at the end.
                text.Append(" AND CAST(CAST(");
                AppendColumn(text, qualifier, filter.Column);
                text.Append(" AS nvarchar(4000)) AS varbinary(8000)) = CAST(CAST(@").Append(parameter).Append(" AS nvarchar(4000)) AS varbinary(8000))");
            }
            else if (IsMySql)
            {
                // There texts are equal to others in case, accents and blanks, and to numbers that they begin with.
                text.Append(" AND CAST(CONVERT(");
                AppendColumn(text, qualifier, filter.Column);
                text.Append(" USING utf8mb4) AS BINARY) = CAST(CONVERT(@").Append(parameter).Append(" USING utf8mb4) AS BINARY)");
            }
        }
    }

    private void AppendColumn(StringBuilder text, string? qualifier, string column)
    {
        if (qualifier is not null)
        {
            AppendName(text, qualifier);
            text.Append('.');
        }

        AppendName(text, column);
    }

    /// <summary>A hash of a value with a key that the statement's author does not know: nobody can try values.</summary>
    private void AppendHash(StringBuilder text, string column, string key)
    {
        var name = new StringBuilder();
        AppendName(name, column);
        var parameter = ParameterFor(key);
        if (IsSqlite)
        {
            text.Append(HashFunction).Append('(').Append(name).Append(", @").Append(parameter).Append(')');
        }
        else if (IsDuckDb)
        {
            text.Append(CultureInfo.InvariantCulture, $"substr(sha256(concat(${parameter}, sha256(concat(${parameter}, CAST({name} AS VARCHAR))))), 1, 32)");
        }
        else if (IsTSql)
        {
            var value = $"CAST(@{parameter} AS nvarchar(max))";
            text.Append(CultureInfo.InvariantCulture, $"""
                LOWER(CONVERT(varchar(32), HASHBYTES('SHA2_256', CONCAT({value}, CONVERT(varchar(64), HASHBYTES('SHA2_256', CONCAT({value}, CAST({name} AS nvarchar(max)))), 2))), 2))
                """);
        }
        else if (IsMySql)
        {
            text.Append(CultureInfo.InvariantCulture, $"""
                substr(sha2(concat(@{parameter}, sha2(concat(@{parameter}, CAST({name} AS char)), 256)), 256), 1, 32)
                """);
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"""
                substr(encode(sha256(convert_to(@{parameter} || encode(sha256(convert_to(@{parameter} || CAST({name} AS text), 'UTF8')), 'hex'), 'UTF8')), 'hex'), 1, 32)
                """);
        }

        text.Append(" AS ").Append(name);
    }

    /// <summary>One parameter for each value.</summary>
    private string ParameterFor(string value)
    {
        foreach (var parameter in _parameters)
        {
            if (string.Equals(parameter.Value, value, StringComparison.Ordinal))
            {
                return parameter.Name;
            }
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{_parameters.Count}");
        _parameters.Add(new SqlScopeParameter(name, value));
        return name;
    }

    private void AppendName(StringBuilder text, string name) => _ = IsMySql
        ? text.Append('`').Append(name.Replace("`", "``", StringComparison.Ordinal)).Append('`')
        : text.Append('"').Append(name.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
}
