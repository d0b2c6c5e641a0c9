using System.Text;

namespace LangGuard.Journaling;

/// <summary>The difference of two texts: the lines between their common start and their common end.</summary>
internal static class TextDifference
{
    internal const int MaxBytes = 1 << 20;

    internal static string Between(byte[] before, byte[] after)
    {
        var old = Lines(before);
        var now = Lines(after);
        var start = 0;
        while (start < old.Length && start < now.Length && old[start] == now[start])
        {
            start++;
        }

        var end = 0;
        while (end < old.Length - start && end < now.Length - start && old[^(end + 1)] == now[^(end + 1)])
        {
            end++;
        }

        var text = new StringBuilder();
        text.Append($"@@ -{start + 1},{old.Length - start - end} +{start + 1},{now.Length - start - end} @@\n");
        foreach (var line in old[start..^end])
        {
            text.Append('-').Append(line).Append('\n');
        }

        foreach (var line in now[start..^end])
        {
            text.Append('+').Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string[] Lines(byte[] content)
    {
        if (content.Length == 0)
        {
            return [];
        }

        var text = Encoding.UTF8.GetString(content);
        return (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
    }
}
