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
        var bound = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mark in marks)
        {
            var name = statement.Text.Substring(mark.Position, mark.Length);
            if (name == "?")
            {
                // The driver binds by name, and this mark has none: it gets the number that the engine would give it.
                name = string.Create(CultureInfo.InvariantCulture, $"?{numbered + 1}");
                text ??= new StringBuilder(statement.Text.Length + 16);
                text.Append(statement.Text, copied, mark.Position - copied).Append(name);
                copied = mark.Position + mark.Length;
            }

            var isNew = bound.Add(name);
            numbered = mark.Sign == '?'
                ? Math.Max(numbered, int.Parse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture))
                : numbered + (isNew ? 1 : 0);
            if (isNew)
            {
                command.Parameters.AddWithValue(name, ValueOf(statement, mark.Sign, name) ?? DBNull.Value);
            }
        }

        if (text is not null)
        {
            command.CommandText = text.Append(statement.Text, copied, statement.Text.Length - copied).ToString();
        }
    }

    private static object? ValueOf(EngineStatement statement, char sign, string name)
    {
        foreach (var (given, value) in statement.Parameters)
        {
            if (string.Equals(given, name, StringComparison.Ordinal)
                || given.AsSpan().TrimStart("@:$?").SequenceEqual(name.AsSpan(1)))
            {
                return value;
            }
        }

        if (sign == '?')
        {
            var number = int.Parse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);
            if (number >= 1 && number <= statement.Parameters.Count && statement.Parameters[number - 1].Key.Length == 0)
            {
                return statement.Parameters[number - 1].Value;
            }
        }

        throw new InvalidOperationException($"The statement has no value for its parameter {name}.");
    }
}
