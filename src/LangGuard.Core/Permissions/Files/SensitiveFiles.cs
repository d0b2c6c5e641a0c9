namespace LangGuard.Permissions;

/// <summary>
/// The built-in catalogue of files that a grant for a whole tree does not cover: secrets, and files that turn into code or
/// policy when somebody else reads them. A single file is unlocked by its exact name.
/// </summary>
internal static class SensitiveFiles
{
    /// <summary>Secrets: neither read nor changed, moved or deleted.</summary>
    private const FilePermissions Secret = FilePermissions.Read | Control;

    /// <summary>Files that control tools: readable, never changed.</summary>
    private const FilePermissions Control =
        FilePermissions.Create | FilePermissions.Modify | FilePermissions.Delete | FilePermissions.Link;

    private static readonly (FilePermissions Denied, string Names)[] Catalogue =
    [
        (Secret, ".env .envrc .git-credentials .netrc _netrc .npmrc .pypirc .pgpass pgpass.conf .my.cnf .htpasswd .dockercfg "
            + ".vault-token .bash_history .zsh_history .sh_history .python_history .node_repl_history .psql_history "
            + ".mysql_history .sqlite_history .rediscli_history .lesshst fish_history consolehost_history.txt "
            + "id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk .boto .s3cfg .terraformrc terraform.rc "
            + "credentials.tfrc.json .databrickscfg .mysql_secret "
            + ".ssh .gnupg .azure .gcloud .password-store "
            + ".aws/credentials .aws/sso .aws/cli/cache .docker/config.json .kube/config .config/gcloud .config/gh .config/op "
            + ".config/hub .config/rclone/rclone.conf .config/git/credentials .config/containers/auth.json "
            + ".git/config .git/config.worktree .git/credentials .cargo/credentials .cargo/credentials.toml .gem/credentials "
            + ".nuget/nuget.config .nuget/nuget/nuget.config .m2/settings.xml .gradle/gradle.properties .subversion/auth "
            + "microsoft/usersecrets .microsoft/usersecrets usersecrets/secrets.json .oci/config "
            + ".jupyter/jupyter_server_config.json"),
        (Control, ".bashrc .bash_profile .bash_login .bash_logout .profile .zshrc .zshenv .zprofile .zlogin .zlogout .kshrc "
            + ".cshrc .tcshrc .login .inputrc .xprofile .xinitrc .gitconfig .gitmodules .mcp.json .ripgreprc .vimrc .exrc "
            + ".nvimrc .pythonrc .irbrc .gdbinit .lldbinit .curlrc .wgetrc .yarnrc .yarnrc.yml .pnpmfile.cjs .claude.json "
            + ".cursorrules .windsurfrules claude.md agents.md gemini.md langguard.json "
            + ".pre-commit-config.yaml .pre-commit-config.yml .huskyrc .gitlab-ci.yml .travis.yml .drone.yml "
            + "azure-pipelines.yml bitbucket-pipelines.yml jenkinsfile directory.build.props directory.build.targets "
            + "directory.build.rsp nuget.config mise.toml .mise.toml sitecustomize.py usercustomize.py autorun.inf desktop.ini "
            + ".vscode .idea .cursor .windsurf .husky .langguard .continue .codex .gemini .roo .kiro .devcontainer .circleci "
            + ".git/hooks .git/info .git/modules .git/worktrees .git/objects/info/alternates .config/git "
            + ".claude/commands .claude/agents .claude/hooks .claude/skills .claude/settings.json .claude/settings.local.json "
            + ".github/workflows .github/actions .github/copilot-instructions.md .gitlab/ci .config/fish .config/autostart "
            + ".config/systemd .config/nvim .config/pip/pip.conf .local/share/applications .aws/config .cargo/config "
            + ".cargo/config.toml"),
    ];

    private static readonly (FilePermissions Denied, string Suffixes)[] SuffixCatalogue =
    [
        (Secret, ".key .pfx .p12 .jks .keystore .kdbx .kdb .ppk .pkcs12 .tfstate .agekey .ovpn"),
    ];

    private static readonly SensitiveNames Names = new(Catalogue);
    private static readonly SensitiveNames Suffixes = new(SuffixCatalogue);

    /// <summary>The verbs that the catalogue denies for a name in folded form.</summary>
    public static FilePermissions DeniedFor(ReadOnlySpan<char> name)
    {
        FilePermissions denied = FilePermissions.None;
        while (!name.IsEmpty)
        {
            int cut = name.IndexOf('/');
            ReadOnlySpan<char> part = cut < 0 ? name : name[..cut];
            denied |= Names.Match(part, name) | ByShape(part);
            name = cut < 0 ? [] : name[(cut + 1)..];
        }

        return denied;
    }

    private static FilePermissions ByShape(ReadOnlySpan<char> part)
    {
        int dot = part.LastIndexOf('.');
        if (dot < 0)
        {
            return FilePermissions.None;
        }

        ReadOnlySpan<char> suffix = part[dot..];
        FilePermissions denied = Suffixes.Match(suffix, suffix);
        if (part.Length > 5 && part[0] == '.' && part.StartsWith(".env.", StringComparison.OrdinalIgnoreCase)
            && !IsTemplate(suffix[1..]))
        {
            denied |= Secret;
        }

        if (suffix.Contains('-') && IsSideFile(suffix))
        {
            denied |= Control;
        }

        return dot > 0 && part[..dot].EndsWith(".tfstate", StringComparison.OrdinalIgnoreCase) ? denied | Secret : denied;
    }

    // A planted journal beside a database changes committed rows without one statement.
    private static bool IsSideFile(ReadOnlySpan<char> suffix) =>
        suffix.EndsWith("-journal", StringComparison.OrdinalIgnoreCase)
        || suffix.EndsWith("-wal", StringComparison.OrdinalIgnoreCase)
        || suffix.EndsWith("-shm", StringComparison.OrdinalIgnoreCase);

    private static bool IsTemplate(ReadOnlySpan<char> suffix) =>
        suffix.Equals("example", StringComparison.OrdinalIgnoreCase)
        || suffix.Equals("sample", StringComparison.OrdinalIgnoreCase)
        || suffix.Equals("template", StringComparison.OrdinalIgnoreCase)
        || suffix.Equals("schema", StringComparison.OrdinalIgnoreCase);
}
