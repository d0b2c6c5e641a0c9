using LangGuard.Configuration;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Configuration;

public sealed class ConfigurationSchemaTests
{
    [Fact]
    public void The_schema_in_the_repository_is_current()
    {
        var path = Configurations.RepositoryFile("src", "LangGuard", "ConfigurationSchema.json");
        if (Environment.GetEnvironmentVariable("LANGGUARD_UPDATE_SCHEMA") == "1")
        {
            File.WriteAllText(path, ConfigurationSchema.Generate());
        }

        File.ReadAllText(path).Should().Be(
            ConfigurationSchema.Generate(), "run this test with LANGGUARD_UPDATE_SCHEMA=1 to write it again");
    }
}
