using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using LangGuard.Data;
using Microsoft.Data.Sqlite;

namespace LangGuard.Sqlite;

/// <summary>Gives the marks of a statement their values: by name, by number, or in order.</summary>
[SuppressMessage("Security", "CA2100", Justification = "The text has been inspected; only bare marks get their numbers.")]
internal static class SqliteParameters
{
    internal static void Bind(SqliteCommand command, EngineStatement statement)
    {
        if (statement.Facts is not { Parameters: { Count: > 0 } marks })
        {
            foreach (var (name, value) in statement.Parameters)
            {
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            }

            return;
        }

        StringBuilder? text = null;
        var copied = 0;
        var numbered = 0;
        var unnamed = 0;
        var bound = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mark in marks)
        {
            var name = statement.Text.Substring(mark.Position, mark.Length);
            if (mark.Sign == '?')
            {
                // The driver binds by name, and the engine counts the guard's own marks too: a number gets a name of its own.
                var number = mark.Length > 1
                    ? int.Parse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture)
                    : numbered + 1;
                numbered = Math.Max(numbered, number);
                var value = Numbered(statement, number, mark.Length > 1 ? number - 1 : unnamed++);
                name = string.Create(CultureInfo.InvariantCulture, $"@{SqlRewriter.Prefix}p{number}");
                text ??= new StringBuilder(statement.Text.Length + 16);
                text.Append(statement.Text, copied, mark.Position - copied).Append(name);
                copied = mark.Position + mark.Length;
                if (bound.Add(name))
                {
                    command.Parameters.AddWithValue(name, value ?? DBNull.Value);
                }
            }
            else if (bound.Add(name))
            {
                numbered += mark.Name.StartsWith(SqlRewriter.Prefix, StringComparison.OrdinalIgnoreCase) ? 0 : 1;
                command.Parameters.AddWithValue(name, Named(statement, name) ?? DBNull.Value);
            }
        }

        if (text is not null)
        {
            command.CommandText = text.Append(statement.Text, copied, statement.Text.Length - copied).ToString();
        }
    }

    private static object? Named(EngineStatement statement, string name)
    {
        foreach (var (given, value) in statement.Parameters)
        {
            if (string.Equals(given, name, StringComparison.Ordinal)
                || given.AsSpan().TrimStart("@:$").SequenceEqual(name.AsSpan(1)))
            {
                return value;
            }
        }

        throw new InvalidOperationException($"The statement has no value for its parameter {name}.");
    }

    /// <summary>By its number, or as the next of those that have no name.</summary>
    private static object? Numbered(EngineStatement statement, int number, int place)
    {
        var unnamed = 0;
        foreach (var (given, value) in statement.Parameters)
        {
            if ((given.Length == 0 && unnamed++ == place)
                || (given.Length > 0 && int.TryParse(given.AsSpan().TrimStart("?$@:"), NumberStyles.None, CultureInfo.InvariantCulture, out var named)
                    && named == number))
            {
                return value;
            }
        }

        throw new InvalidOperationException($"The statement has no value for its parameter ?{number}.");
    }
}
