using System.Text.RegularExpressions;

namespace LangGuard.Tests.Documentation;

/// <summary>Every command on a page names what is there: projects, files, tests, options and variables.</summary>
public sealed partial class CommandTests
{
    private static readonly (string Page, string Command)[] Commands =
    [
        .. Snippets.All().Where(block => block.Language is "" or "sh")
            .SelectMany(block => block.Text.Split('\n').Select(line => (block.Page, line.Trim())))
            .Concat(Pages.All().SelectMany(page => InlineCode().Matches(page.Text).Select(match => (page.Page, Line(match.Groups[1].Value)))))
            .Where(line => Start().IsMatch(line.Item2)),
    ];

    [Fact]
    public void Projects_and_files_exist()
    {
        Commands.Should().HaveCountGreaterThan(20);
        Commands.SelectMany(line => Place().Matches(line.Command).Select(match => (line.Page, Place: match.Value)))
            .Where(named => !Path.Exists(Path.Combine(Pages.Root, named.Place)))
            .Should().BeEmpty();
    }

    [Fact]
    public void Filters_name_tests()
    {
        var names = string.Join('\n', Pages.Sources("tests").Select(Path.GetFileNameWithoutExtension));

        Commands.SelectMany(line => Filter().Matches(line.Command).Select(match => (line.Page, Name: match.Groups[1].Value)))
            .Where(filter => !names.Contains(filter.Name, StringComparison.Ordinal))
            .Should().BeEmpty();
    }

    /// <summary>What comes behind <c>--</c> goes to the program, whose source has to know it.</summary>
    [Fact]
    public void Options_and_subjects_are_those_of_the_program()
    {
        var unknown = new List<string>();
        foreach (var (page, command) in Commands)
        {
            if (Project().Match(command) is { Success: true } match)
            {
                var source = string.Concat(Pages.Sources(match.Groups[1].Value).Select(File.ReadAllText));
                unknown.AddRange(Option().Matches(match.Groups[2].Value).Select(option => option.Groups[1].Value)
                    .Where(option => !source.Contains($"\"{option}\"", StringComparison.Ordinal))
                    .Select(option => $"{page}: {option} of {match.Groups[1].Value}"));
            }
        }

        unknown.Should().BeEmpty();
    }

    [Fact]
    public void Variables_are_read_somewhere()
    {
        var sources = string.Concat(Pages.Sources("src", "samples", "tests").Select(File.ReadAllText));

        Pages.All().SelectMany(page => Variable().Matches(page.Text).Select(match => (page.Page, match.Value)))
            .Where(named => !sources.Contains($"\"{named.Value}\"", StringComparison.Ordinal))
            .Should().BeEmpty();
    }

    private static string Line(string code) => code.ReplaceLineEndings(" ");

    [GeneratedRegex(@"(?<!`)`([^`]+)`(?!`)")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^([A-Z_]+=\S+ )*(dotnet (run|test|build|publish|pack)|\./|bash )")]
    private static partial Regex Start();

    [GeneratedRegex(@"(?<=^|\s)(\./|tests/|src/|samples/|docs/)[\w./-]+")]
    private static partial Regex Place();

    [GeneratedRegex(@"--filter (?:FullyQualifiedName~)?(\w+)")]
    private static partial Regex Filter();

    [GeneratedRegex(@"--project (\S+) -- (.+)$")]
    private static partial Regex Project();

    [GeneratedRegex(@"(?:^|\s)(--[a-z][a-z-]*|(?<=^)[a-z][a-z-]*)(?=\s|$)")]
    private static partial Regex Option();

    [GeneratedRegex(@"LANGGUARD_[A-Z_]+")]
    private static partial Regex Variable();
}
