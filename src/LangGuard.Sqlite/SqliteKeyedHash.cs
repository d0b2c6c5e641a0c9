using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LangGuard.Data;
using Microsoft.Data.Sqlite;

namespace LangGuard.Sqlite;

/// <summary>The hash of hidden columns. Without the key, which is a parameter of the guard's, it tells nothing.</summary>
internal static class SqliteKeyedHash
{
    internal static void Register(SqliteConnection connection) =>
        connection.CreateFunction<object?, string?, string?>(SqlRewriter.HashFunction, Hash, isDeterministic: true);

    private static string? Hash(object? value, string? key)
    {
        if (value is null or DBNull || key is null)
        {
            return null;
        }

        var bytes = value as byte[]
            ?? Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty);
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), bytes).AsSpan(0, 16));
    }
}
