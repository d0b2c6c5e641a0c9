namespace LangGuard.Permissions;

/// <summary>The name of an argument that a permission lists, and the same name in the other case; null where it has no
/// letters.</summary>
internal readonly record struct ListedArgument(string Name, string? OtherCase)
{
    internal static ListedArgument Of(string name)
    {
        var other = string.Create(name.Length, name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsLower(source[i]) ? char.ToUpperInvariant(source[i]) : char.ToLowerInvariant(source[i]);
            }
        });
        return new(name, string.Equals(other, name, StringComparison.Ordinal) ? null : other);
    }
}
