using CsCheck;
using LangGuard.Permissions;

namespace LangGuard.Tests.Files;

public sealed class GlobTests
{
    [Theory]
    [InlineData("**", "", true)]
    [InlineData("**", "a/b", true)]
    [InlineData("*", "a", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("*", "", false)]
    [InlineData("docs/**", "docs", true)]
    [InlineData("docs/**", "docs/a/b.md", true)]
    [InlineData("docs/**", "docs2/a", false)]
    [InlineData("docs/*", "docs", false)]
    [InlineData("docs/*", "docs/a", true)]
    [InlineData("docs/*", "docs/a/b", false)]
    [InlineData("**/*.md", "a.md", true)]
    [InlineData("**/*.md", "x/y/a.md", true)]
    [InlineData("**/*.md", "x/y/a.mdx", false)]
    [InlineData("**/x/**", "a/b/x/c", true)]
    [InlineData("**/x/**", "x", true)]
    [InlineData("**/x/y", "x/x/y", true)]
    [InlineData("a/**/b/**/c", "a/b/c", true)]
    [InlineData("a/**/b/**/c", "a/x/b/y/z/c", true)]
    [InlineData("a/**/b/**/c", "a/x/c", false)]
    [InlineData("?.txt", "a.txt", true)]
    [InlineData("?.txt", "ab.txt", false)]
    [InlineData("[abc].txt", "[abc].txt", true)]
    [InlineData("[abc].txt", "a.txt", false)]
    [InlineData("a*b*c", "aXXbYYc", true)]
    [InlineData("a*b*c", "aXXbYY", false)]
    [InlineData("*..*", "v1..v2", true)]
    public void Matches(string pattern, string name, bool expected)
    {
        Glob.TryParse(pattern, out var glob, out _).Should().BeTrue();

        glob!.IsMatch(name, ignoreCase: false).Should().Be(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("a**b")]
    [InlineData("a\\b")]
    [InlineData("./a")]
    public void Refuses(string pattern) => Glob.TryParse(pattern, out _, out _).Should().BeFalse();

    [Fact]
    public void Agrees_with_the_obvious_definition()
    {
        string[] patterns = ["a", "b", "*", "?", "**", "ab", "a*", "*b"];
        string[] names = ["a", "b", "ab", "c"];
        var part = Gen.Int[0, patterns.Length - 1].Select(index => patterns[index]);
        var name = Gen.Int[0, names.Length - 1].Select(index => names[index]);
        Gen.Select(part.List[1, 5], name.List[0, 6]).Sample((pattern, parts) =>
        {
            Glob.TryParse(string.Join('/', pattern), out var glob, out _).Should().BeTrue();
            var path = string.Join('/', parts);

            return glob!.IsMatch(path, false) == Obvious([.. pattern], [.. parts]);
        });
    }

    [Fact]
    public async Task Work_grows_no_faster_than_pattern_times_name()
    {
        Glob.TryParse(string.Concat(Enumerable.Repeat("*a", 200)) + "b", out var glob, out _).Should().BeTrue();
        Glob.TryParse(string.Concat(Enumerable.Repeat("**/a/", 100)) + "b", out var deep, out _).Should().BeTrue();

        // An exponential matcher would not end.
        var matching = Task.Run(() =>
            glob!.IsMatch(new string('a', 4000), false) || deep!.IsMatch(string.Join('/', Enumerable.Repeat("a", 2000)), false));

        (await matching.WaitAsync(TimeSpan.FromMinutes(2))).Should().BeFalse();
    }

    private static bool Obvious(ReadOnlySpan<string> pattern, ReadOnlySpan<string> parts)
    {
        if (pattern.IsEmpty)
        {
            return parts.IsEmpty;
        }

        if (pattern[0] == "**")
        {
            for (var skip = 0; skip <= parts.Length; skip++)
            {
                if (Obvious(pattern[1..], parts[skip..]))
                {
                    return true;
                }
            }

            return false;
        }

        return !parts.IsEmpty && ObviousPart(pattern[0], parts[0]) && Obvious(pattern[1..], parts[1..]);
    }

    private static bool ObviousPart(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        if (pattern.IsEmpty)
        {
            return text.IsEmpty;
        }

        if (pattern[0] == '*')
        {
            return ObviousPart(pattern[1..], text) || (!text.IsEmpty && ObviousPart(pattern, text[1..]));
        }

        return !text.IsEmpty && (pattern[0] == '?' || pattern[0] == text[0]) && ObviousPart(pattern[1..], text[1..]);
    }
}
