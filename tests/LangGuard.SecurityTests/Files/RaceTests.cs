using LangGuard.Conformance;

namespace LangGuard.SecurityTests.Files;

/// <summary>The race of the conformance runner, short. The long one is a command: <c>files-race 1000000</c>.</summary>
public sealed class RaceTests
{
    [Theory]
    [InlineData("auto")]
    [InlineData("walk")]
    public void Nothing_outside_is_reached_while_names_are_exchanged(string backend)
    {
        var result = FilesRace.Run(operations: 20_000, backend);

        result.Escapes.Should().BeEmpty();
        result.Succeeded.Should().BePositive("a race in which nothing works shows nothing");
        result.Exchanges.Should().BePositive();
    }
}
