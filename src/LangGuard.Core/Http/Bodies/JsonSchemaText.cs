using System.Text;

namespace LangGuard.Http;

/// <summary>The words about a schema: which keywords only describe, and what a place expects.</summary>
internal static class JsonSchemaText
{
    private const int MaxChoices = 8;

    /// <summary>Keywords that say nothing about what is valid.</summary>
    public static bool IsAnnotation(string keyword) =>
        keyword is "title" or "description" or "default" or "example" or "examples" or "deprecated" or "readOnly" or "writeOnly"
            or "$schema" or "$id" or "$comment" or "$defs" or "definitions" or "externalDocs" or "xml" or "components"
        || keyword.StartsWith("x-", StringComparison.Ordinal);

    public static string Printable(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name.Length > 64 ? name[..64] : name)
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '?');
        }

        return text.ToString();
    }

    public static string Describe(JsonSchemaNode node)
    {
        if (node.IsAny)
        {
            return "any value";
        }

        var text = new StringBuilder(node.Types.ToString().ToLowerInvariant().Replace(", ", " or ", StringComparison.Ordinal));
        if (node.Strings is { Count: > 0 and <= MaxChoices } strings)
        {
            text.Append(" (").AppendJoin(", ", strings.Order(StringComparer.Ordinal).Select(Printable)).Append(')');
        }

        Append(text, " from ", node.Minimum);
        Append(text, " to ", node.Maximum);
        if (node.MinLength > 0 || node.MaxLength != int.MaxValue)
        {
            text.Append(null, $" of {node.MinLength} to {(node.MaxLength == int.MaxValue ? "any number of" : node.MaxLength)} characters");
        }

        if (node.Format is not null)
        {
            text.Append(" as ").Append(node.Format);
        }

        if (node.Pattern is not null)
        {
            text.Append(" that matches the pattern");
        }

        if (node.Required.Length > 0)
        {
            var names = node.Properties.Where(p => Array.IndexOf(node.Required, p.Value.Index) >= 0).Select(p => p.Key);
            text.Append(" with ").AppendJoin(", ", names.Order(StringComparer.Ordinal).Take(MaxChoices).Select(Printable));
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string word, byte[]? number)
    {
        if (number is not null)
        {
            text.Append(word).Append(Encoding.UTF8.GetString(number));
        }
    }
}
