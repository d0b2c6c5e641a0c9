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
    [InlineData("id_rsa_sk")]
    [InlineData(".ksh_history")]
    [InlineData("home/.irb_history")]
    [InlineData(".history")]
    [InlineData("terraform.tfstate.1699999999.backup")]
    [InlineData(".terraform.tfstate.lock.info")]
    [InlineData("UserSecrets/0f8fad5b/secrets.json")]
    [InlineData(".git/modules/sub/config")]
    [InlineData("mirror.git/config")]
    [InlineData(".claude/.credentials.json")]
    [InlineData("Google/Chrome/User Data/Default/Cookies")]
    [InlineData("Login Data")]
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
    [InlineData(".logout")]
    [InlineData(".bash_aliases")]
    [InlineData("sub/.git")]
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
    [InlineData("history/2026.md")]
    [InlineData(".history/notes.md")]
    [InlineData("parse.tfstates.go")]
    [InlineData("usersecrets/notes.md")]
    [InlineData("id_rsa.pub.bak")]
    [InlineData(".npmrc.example")]
    [InlineData("notes.bak")]
    [InlineData("keyboard (copy).md")]
    [InlineData("a.old/b-copy/c~")]
    [InlineData("Cargo.lock")]
    [InlineData("git/config")]
    [InlineData("")]
    public void Leaves_alone(string name) => SensitiveFiles.DeniedFor(name).Should().Be(FilePermissions.None);

    [Theory]
    [InlineData(".env~")]
    [InlineData("#.env#")]
    [InlineData(".#.env")]
    [InlineData(".env-backup")]
    [InlineData(".env copy")]
    [InlineData(".env (1)")]
    [InlineData("keys/id_rsa.bak")]
    [InlineData("keys/id_rsa - Copy")]
    [InlineData(".id_rsa.swp")]
    [InlineData(".npmrc.swp")]
    [InlineData("server.key.old")]
    [InlineData(".aws/credentials.bak")]
    [InlineData(".aws.bak/credentials")]
    [InlineData(".git/config.lock")]
    public void A_copy_of_a_secret_is_one(string name) =>
        SensitiveFiles.DeniedFor(name).Should().HaveFlag(FilePermissions.Read).And.HaveFlag(FilePermissions.Modify);

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

    [Theory]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("\u1e69", "s\u0323\u0307")]
    [InlineData("s\u0307\u0323", "s\u0323\u0307")]
    [InlineData("\u212b", "\u00e5")]
    [InlineData("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af")]
    [InlineData("\u304c", "\u304b\u3099")]
    [InlineData("\ufa19", "\u795e")]
    [InlineData(".g\u0130t", ".git")]
    public void Takes_composed_and_decomposed_letters_for_the_same(string one, string other) =>
        NameFolding.Fold(one).Should().Be(NameFolding.Fold(other));

    [Theory]
    [InlineData("caf\u00e9", "cafe")]
    [InlineData("\u304c", "\u304b")]
    [InlineData("\u0439", "\u0438")]
    public void Keeps_letters_with_marks_apart_from_those_without(string one, string other) =>
        NameFolding.Fold(one).Should().NotBe(NameFolding.Fold(other));

    [Fact]
    public void A_denial_holds_for_every_spelling_of_a_letter()
    {
        using var world = new FileWorld(files => files.Read("**").Deny("caf\u00e9/**"))
            .With("caf\u00e9/a.txt").With("cafe\u0301/a.txt").With("CAFE\u0301/a.txt").With("cafe/a.txt");
        foreach (var name in new[] { "caf\u00e9", "cafe\u0301", "CAFE\u0301" })
        {
            var read = () => world.Guarded.File.ReadAllText(name + "/a.txt");
            read.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("files.denied");
        }

        world.Guarded.File.ReadAllText("cafe/a.txt").Should().Be("inside");
    }
}
