using System.Text;

namespace LangGuard.Permissions;

/// <summary>Names of functions: which are possible, and which can be taken for each other.</summary>
internal static class FunctionNames
{
    /// <summary>What a reader takes from a name: no case, no separators, and one sign for those that look alike. Null for a
    /// name that is none; letters beyond ASCII would look like others.</summary>
    internal static string? SkeletonOf(string name)
    {
        if (name.Length is 0 or > 128)
        {
            return null;
        }

        var skeleton = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            switch (character)
            {
                case '_' or '-' or '.' or '/':
                    break;
                case '0' or 'O' or 'o':
                    skeleton.Append('o');
                    break;
                case '1' or 'l' or 'L' or 'i' or 'I':
                    skeleton.Append('l');
                    break;
                case '5' or 'S' or 's':
                    skeleton.Append('s');
                    break;
                default:
                    if (!char.IsAsciiLetterOrDigit(character))
                    {
                        return null;
                    }

                    skeleton.Append(char.ToLowerInvariant(character));
                    break;
            }
        }

        return skeleton.Length == 0
            ? null
            : skeleton.Replace("rn", "m").Replace("vv", "w").ToString();
    }
}
