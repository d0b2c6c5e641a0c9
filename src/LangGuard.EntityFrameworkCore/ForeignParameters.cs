using System.Data;
using System.Data.Common;
using LangGuard.Data;

namespace LangGuard.EntityFrameworkCore;

/// <summary>The parameters of a provider's own command.</summary>
internal static class ForeignParameters
{
    internal static IReadOnlyList<KeyValuePair<string, object?>> Read(DatabaseEngine engine, DbCommand command)
    {
        var values = new KeyValuePair<string, object?>[command.Parameters.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.Parameters[i];
            if (parameter.Direction != ParameterDirection.Input)
            {
                throw new NotSupportedException("Only input parameters are supported.");
            }

            var value = engine.Owns(parameter) ? engine.ValueOf(parameter) : parameter.Value;
            values[i] = new(parameter.ParameterName, PlainData.Copy(value, parameter.ParameterName));
        }

        return values;
    }
}
