using LangGuard.Permissions;

namespace LangGuard.Tests.Files;

public sealed class SensitiveFilesTests
{
    [Theory]
    [InlineData(".env")]
    [InlineData("a/b/.ENV.Local")]
    [InlineData(".env.example.bak")]
    [InlineData("keys/ID_RSA")]
    [InlineData(".ssh/known_hosts")]
    [InlineData(".ssh")]
    [InlineData("x/.aws/credentials")]
    [InlineData("tls/server.KEY")]
    [InlineData("infra/terraform.tfstate.backup")]
    [InlineData(".git/config")]
    [InlineData(".config/gcloud/anything/deep")]
    public void Denies_reading_of(string name) =>
        SensitiveFiles.DeniedFor(name).Should().HaveFlag(FilePermissions.Read).And.HaveFlag(FilePermissions.Modify);

    [Theory]
    [InlineData(".git/hooks/pre-commit")]
    [InlineData("sub/.git/hooks")]
    [InlineData(".mcp.json")]
    [InlineData(".vscode/settings.json")]
    [InlineData(".github/workflows/ci.yml")]
    [InlineData("Directory.Build.props")]
    [InlineData("src/nuget.config")]
    [InlineData("shop.db-journal")]
    [InlineData("data/shop.sqlite3-wal")]
    [InlineData(".bashrc")]
    [InlineData("CLAUDE.md")]
    public void Denies_writing_but_not_reading_of(string name)
    {
        SensitiveFiles.DeniedFor(name).Should().HaveFlag(FilePermissions.Create).And.HaveFlag(FilePermissions.Modify);
        SensitiveFiles.DeniedFor(name).Should().NotHaveFlag(FilePermissions.Read);
    }

    [Theory]
    [InlineData(".env.example")]
    [InlineData(".env.template")]
    [InlineData("environment.ts")]
    [InlineData("id_rsa.pub")]
    [InlineData(".gitignore")]
    [InlineData(".git/HEAD")]
    [InlineData("src/keyboard.key.ts")]
    [InlineData("docs/secrets-management.md")]
    [InlineData("config")]
    [InlineData("credentials")]
    [InlineData("hooks/pre-commit")]
    [InlineData("README.md")]
    [InlineData("")]
    public void Leaves_alone(string name) => SensitiveFiles.DeniedFor(name).Should().Be(FilePermissions.None);

    [Theory]
    [InlineData(".env.", ".ENV")]
    [InlineData(".env ", ".ENV")]
    [InlineData(".e\u200Cnv", ".ENV")]
    [InlineData(".ſsh/id", ".SSH/ID")]
    [InlineData(".\u212Aube/config", ".KUBE/CONFIG")]
    [InlineData(".ßh", ".SSH")]
    [InlineData("conﬁg", "CONFIG")]
    public void Folds_spellings_that_a_file_system_takes_for_the_same(string name, string folded) =>
        NameFolding.Fold(name).Should().Be(folded);
}
