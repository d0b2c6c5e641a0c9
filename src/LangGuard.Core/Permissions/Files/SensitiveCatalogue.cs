namespace LangGuard.Permissions;

/// <summary>The entries of the catalogue: names, alone or as several parts in a row, that count anywhere beneath a root.</summary>
internal static class SensitiveCatalogue
{
    /// <summary>Secrets: neither read nor changed, moved or deleted.</summary>
    public const FilePermissions Secret = FilePermissions.Read | Control;

    /// <summary>Files that control tools: readable, never changed.</summary>
    public const FilePermissions Control =
        FilePermissions.Create | FilePermissions.Modify | FilePermissions.Delete | FilePermissions.Link;

    /// <summary>Whole names; '?' stands for a space.</summary>
    public static readonly (FilePermissions Denied, string Names)[] Names =
    [
        (Secret, ".env .envrc .git-credentials .netrc _netrc .npmrc .pypirc .pgpass pgpass.conf .my.cnf .htpasswd .dockercfg "
            + ".vault-token .lesshst fish_history consolehost_history.txt .histfile .zhistory .rhistory .viminfo .mysql_secret "
            + "id_rsa id_dsa id_ecdsa id_ed25519 id_rsa_sk id_dsa_sk id_ecdsa_sk id_ed25519_sk .boto .s3cfg .terraformrc terraform.rc "
            + "credentials.tfrc.json .databrickscfg .renviron .hgrc .hg/hgrc .vnc/passwd etc/shadow etc/gshadow "
            + ".ssh .gnupg .azure .gcloud .password-store application_default_credentials.json "
            + ".aws/credentials .aws/sso .aws/cli/cache .docker/config.json .kube/config .config/gcloud .config/gh .config/op "
            + ".config/hub .config/glab-cli .config/rclone/rclone.conf .config/git/credentials .config/containers/auth.json "
            + ".config/doctl .config/hcloud .config/stripe .config/ngrok .config/configstore .config/github-copilot .ngrok2 "
            + ".git/config .git/config.worktree .git/credentials .cargo/credentials .cargo/credentials.toml .gem/credentials "
            + ".nuget/nuget.config .nuget/nuget/nuget.config .m2/settings.xml .m2/settings-security.xml .gradle/gradle.properties "
            + ".subversion/auth microsoft/usersecrets .microsoft/usersecrets .oci/config .jupyter/jupyter_server_config.json "
            + ".huggingface/token .cache/huggingface/token .kaggle/kaggle.json .config/kaggle/kaggle.json "
            + ".claude/.credentials.json .codex/auth.json .gemini/oauth_creds.json .local/share/opencode/auth.json "
            + ".mozilla .thunderbird mozilla/firefox .config/google-chrome .config/chromium .config/bravesoftware "
            + ".config/microsoft-edge .config/vivaldi .config/opera google/chrome/user?data microsoft/edge/user?data login?data "
            + "key3.db key4.db cookies.sqlite library/keychains .local/share/keyrings .local/share/kwalletd"),
        (Control, ".bashrc .bash_profile .bash_login .bash_logout .bash_aliases .bash_functions .profile .zshrc .zshenv .zprofile .zlogin "
            + ".zlogout .zsh_aliases .aliases .kshrc .mkshrc .shrc .cshrc .tcshrc .login .logout .inputrc .pam_environment "
            + ".xprofile .xinitrc .xsession .xsessionrc .gitconfig .gitmodules .mcp.json .ripgreprc .vimrc .gvimrc .exrc .vim "
            + ".nvimrc .nvim.lua .emacs .emacs.d .dir-locals.el .pythonrc .irbrc .pryrc .rprofile .psqlrc .sqliterc "
            + ".gdbinit .lldbinit .curlrc .wgetrc .tmux.conf .screenrc .bazelrc .mvn "
            + ".yarnrc .yarnrc.yml .yarn/plugins .yarn/releases .pnpmfile.cjs .claude.json "
            + ".cursorrules .windsurfrules .clinerules .roomodes .goosehints .aider.conf.yml claude.md claude.local.md agents.md "
            + "gemini.md langguard.json "
            + ".pre-commit-config.yaml .pre-commit-config.yml .lefthook.yml lefthook.yml .huskyrc .gitlab-ci.yml .travis.yml .drone.yml "
            + ".woodpecker.yml azure-pipelines.yml bitbucket-pipelines.yml jenkinsfile directory.build.props directory.build.targets "
            + "directory.build.rsp nuget.config mise.toml .mise.toml sitecustomize.py usercustomize.py autorun.inf desktop.ini "
            + ".vscode .idea .cursor .windsurf .husky .langguard .continue .codex .gemini .roo .kiro .opencode .amazonq .junie .zed "
            + ".trae .devcontainer .circleci .buildkite .woodpecker .githooks "
            + ".git/hooks .git/info .git/modules .git/worktrees .git/objects/info/alternates .config/git "
            + ".claude/commands .claude/agents .claude/hooks .claude/skills .claude/plugins .claude/rules .claude/output-styles "
            + ".claude/settings.json .claude/settings.local.json "
            + ".github/workflows .github/actions .github/copilot-instructions.md .github/instructions .github/prompts .github/agents "
            + ".github/chatmodes .gitlab/ci .forgejo/workflows .gitea/workflows .config/fish .config/powershell .config/autostart "
            + ".config/systemd .config/nvim .config/pip/pip.conf .local/share/applications .aws/config .cargo/config "
            + ".cargo/config.toml"),
    ];

    /// <summary>Endings, with the dot.</summary>
    public static readonly (FilePermissions Denied, string Suffixes)[] Suffixes =
    [
        (Secret, ".key .pfx .p12 .p8 .jks .keystore .kdbx .kdb .ppk .pkcs12 .agekey .ovpn .keychain-db"),
    ];
}
