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
    /// <summary>Sets the values of a new command, or of one that ran the same text before.</summary>
    internal static void Bind(SqliteCommand command, EngineStatement statement)
    {
        var given = command.Parameters;
        if (statement.Facts is not { Parameters: { Count: > 0 } marks })
        {
            given.Clear();
            foreach (var (name, value) in statement.Parameters)
            {
                given.AddWithValue(name, value ?? DBNull.Value);
            }

            return;
        }

        StringBuilder? text = null;
        var copied = 0;
        var numbered = 0;
        var unnamed = 0;
        var bound = 0;
        foreach (var mark in marks)
        {
            var name = statement.Text.AsSpan(mark.Position, mark.Length);
            if (mark.Sign == '?')
            {
                // The driver binds by name, and the engine counts the guard's own marks too: a number gets a name of its own.
                var number = mark.Length > 1 ? int.Parse(name[1..], NumberStyles.None, CultureInfo.InvariantCulture) : numbered + 1;
                numbered = Math.Max(numbered, number);
                var value = Numbered(statement, number, mark.Length > 1 ? number - 1 : unnamed++);
                name = string.Create(CultureInfo.InvariantCulture, $"@{SqlRewriter.Prefix}p{number}");
                text ??= new StringBuilder(statement.Text.Length + 16);
                text.Append(statement.Text, copied, mark.Position - copied).Append(name);
                copied = mark.Position + mark.Length;
                Set(given, ref bound, name, value);
            }
            else if (Set(given, ref bound, name, Named(statement, name)))
            {
                numbered += mark.Name.StartsWith(SqlRewriter.Prefix, StringComparison.OrdinalIgnoreCase) ? 0 : 1;
            }
        }

        if (text is not null)
        {
            command.CommandText = text.Append(statement.Text, copied, statement.Text.Length - copied).ToString();
        }
    }

    /// <summary>Gives the next parameter its name and value. The same text has the same names in the same order.</summary>
    /// <returns>False for a name that has been set already: a name stands for one value.</returns>
    private static bool Set(SqliteParameterCollection given, ref int bound, ReadOnlySpan<char> name, object? value)
    {
        for (var i = 0; i < bound; i++)
        {
            if (name.SequenceEqual(given[i].ParameterName))
            {
                return false;
            }
        }

        if (bound < given.Count && name.SequenceEqual(given[bound].ParameterName))
        {
            given[bound].Value = value ?? DBNull.Value;
        }
        else
        {
            while (given.Count > bound)
            {
                given.RemoveAt(bound);
            }

            given.AddWithValue(name.ToString(), value ?? DBNull.Value);
        }

        bound++;
        return true;
    }

    private static object? Named(EngineStatement statement, ReadOnlySpan<char> name)
    {
        foreach (var (given, value) in statement.Parameters)
        {
            if (name.SequenceEqual(given) || given.AsSpan().TrimStart("@:$").SequenceEqual(name[1..]))
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
