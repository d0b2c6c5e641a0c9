using LangGuard.Redaction;

namespace LangGuard.Tests.Redaction;

/// <summary>Code, templates, translations and manuals that speak of secrets without holding one stay as they are.</summary>
public sealed class HonestSettingTests
{
    public static TheoryData<string> Texts =>
    [
        "API_KEY = None", "API_KEY = os.environ[\"API_KEY\"]", "SECRET_KEY = os.getenv(\"SECRET_KEY\", \"\")",
        "SECRET_KEY = get_random_secret_key()", "const API_KEY = process.env.API_KEY;", "export const TOKEN = import.meta.env.VITE_TOKEN",
        "PASSWORD = getpass.getpass()", "DB_PASSWORD = settings.DB_PASSWORD", "PASSWORD = \"PASSWORD\"", "CLIENT_SECRET = 'client_secret'",
        "REFRESH_TOKEN = \"refresh_token\"", "ACCESS_TOKEN: str = Field(default=None)", "GRANT_TYPE_PASSWORD = \"password\"",
        "INVALID_TOKEN = 'invalid token'", "ERR_BAD_PASSWORD = \"bad password\"", "ERROR_MISSING_API_KEY = \"An API key is required.\"",
        "INVALID_PASSWORD=1", "TOKEN=true", "USE_TOKEN=false", "NO_PASSWORD=yes", "    WRONG_PASSWORD = 403,", "TOKEN = 7",
        "CSRF_TOKEN = 'csrftoken'", "#define MAX_PASSWORD 128", "enum { INVALID_TOKEN = 12, BAD_PASSWORD = 13 };",
        "T_STRING_TOKEN = 300001", "\"password\": \"Passwort\",", "\"password\": \"Enter your password\",",
        "\"newPassword\": \"New password\",", "\"login.password\": \"Mot de passe\",", "\"forgot_password\": \"Forgot your password?\",",
        "\"password\": \"string\",", "\"token\": \"string\",", "\"password\": null,", "\"accessToken\": \"string\",",
        "\"password\": { \"type\": \"string\", \"format\": \"password\" },", "{\"name\": \"password\", \"type\": \"string\"}",
        "\"resetPassword\": \"/auth/reset-password\",", "\"passwordReset\": \"https://example.com/reset\",",
        "resetPassword: '/api/v1/reset',", "forgotPassword: \"/users/forgot-password/v2\",",
        "changePassword: 'https://example.com/account/2fa',", "password: \"password\",", "password: 'required|min:8',",
        "password: z.string().min(8),", "password: Yup.string().required('Required'),", "password: [{ required: true }],",
        "token: \"csrf-token\",", "token: req.headers[\"x-token\"],", "token: 'invalid_token_1',",
        "{ token: 'punctuation', regex: /[.,]/ }", "tokens: [\"comment\", \"string\"]", "\"token\": \"comment\",",
        "\"token\": \"keyword.operator.js\",", "{\"token\": \"variable.parameter\", \"foreground\": \"FFB86C\"}", "\"secret\": false,",
        "\"secret\": true", "secret: true", "secretName: my-tls-secret", "  secretKeyRef:", "      name: db-credentials",
        "      key: password", "kind: Secret", "--secret=projects/my-project/secrets/my-secret/versions/1",
        "\"lastModifiedSecret\": 1556312220.133", "\"CountToken\": 1234567", "prompt_token: 123456", "password_length = 12",
        "passwordMinLength: 12", "MIN_PASSWORD_LENGTH=12", "password=True", "def f(password=\"\", token=None):",
        "connect(host=\"a\", user=\"b\", password=password)", "mysql.connect(user='root', password='')", "?token=abc",
        "https://example.com/?token={token}", "<input type=\"password\" name=\"password\" value=\"\">",
        "<input name=\"csrf_token\" type=\"hidden\">", "<label for=\"password\">Password</label>", "<password/>",
        "<th>Token</th><td>abc</td>", "PASSWORD: ${{ secrets.DB_PASSWORD }}", "      GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}",
        "      token: ${{ github.token }}", "      password: ${PASSWORD:-}", "  POSTGRES_PASSWORD_FILE: /run/secrets/db_password",
        "DB_PASSWORD=", "DB_PASSWORD=changeme", "DB_PASSWORD=your_password_here", "API_KEY=your-api-key", "API_KEY=<YOUR_API_KEY>",
        "API_KEY=...", "OPENAI_API_KEY=sk-...", "token = lexer.next_token()", "token = tokens[i+1]",
        "token = Token(TokenType.EOF, \"\", 1)", "let token = self.peek(1);", "var token = \"1234567890\";",
        "Token token = new Token(1, 2);", "pwd = os.getcwd()", "PWD=/home/user1", "OLDPWD=/home/user1/project",
        "secret = hashlib.sha256(b\"x1\").hexdigest()", "password.length < 8 ? error(\"1\") : ok", "Password: at least 8 characters",
        "Password must be >= 8", "| password | string | 8-64 chars |", "- password: 8+ characters",
        "Token: a unit of text; 1000 tokens ~ 750 words", "Token: EOF1", "SELECT token, 'password=1' FROM t WHERE password = 'x1';",
        "WHERE password = $1 AND token = $2", "password := \"\"", "password ~> 1.2", "gem \"password\", \"~> 1.2\"",
        "\"passport-token\": \"^1.2.3\",", "\"json-web-token\": \"~2.1.3\",", "\"csrf-token\": \"1.0.0\",",
        "    \"@types/gpt-token\": \"^4.0.2\",", "js-token: 4.0.0", "js-tokens@^3.0.0:", "  password: ^5.1.0", "form-token==1.2.3",
        "django-secret==1.2.3", "secret-key: '>=1.0'", "if (pem.startsWith(\"-----BEGIN PRIVATE KEY-----\")) { return importKey(pem); }",
        "const b64 = pem.replace(\"-----BEGIN PRIVATE KEY-----\", \"\").replace(\"-----END PRIVATE KEY-----\", \"\").trim();",
        "const re = /-----BEGIN (RSA )?PRIVATE KEY-----/;",
        "A key begins with `-----BEGIN PRIVATE KEY-----` and ends with `-----END PRIVATE KEY-----`.",
        "The file starts with -----BEGIN OPENSSH PRIVATE KEY----- and is unencrypted.", "PEM_HEADER = \"-----BEGIN RSA PRIVATE KEY-----\"",
        "PEM_FOOTER = \"-----END RSA PRIVATE KEY-----\"", "grep -r 'BEGIN RSA PRIVATE KEY' .",
        "key = f\"-----BEGIN PRIVATE KEY-----\\n{body}\\n-----END PRIVATE KEY-----\"",
        "const key = `-----BEGIN PRIVATE KEY-----\\n${body}\\n-----END PRIVATE KEY-----`;",
        "-----BEGIN PRIVATE KEY-----\\n<your key>\\n-----END PRIVATE KEY-----",
        "private_key: \"-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----\\n\"", "bypass = \"level-2\"",
        "\"compass\": \"north-2\"", "\"pass\": \"all 12 tests\"", "pass: 100.00%", "docker run --user 1000:1000 app", "ps -u ada:users2",
        "aws list --starting-token 9f4d9f69-275a-41fe-b58e-2b837bd9ba48", "aws update --client-request-token abc123",
        "docker build --secret id=npm1,src=.npmrc1 .",
        "<input type=\"password\" name=\"password\" id=\"password1\" autocomplete=\"new-password\">",
        "<app-field [password]=\"form.password1\" :token=\"user.token2\"></app-field>", "'password' => 'hashed',",
        "'password' => 'required|string|min:8',", "password => $password1,", "<add key=\"PasswordMinLength\" value=\"128\" />",
        "<property name=\"password\" value=\"${db.password1}\"/>", "(\"password\", \"confirm-password2\")", "password: |",
        "Passwords: at least 8 characters, 2 of them digits", "const UNEXPECTED_TOKEN = /^Unexpected token '?(.)'?(,)? /i",
        "API_TOKEN = new Token(user)", "API_TOKEN = await vault.GetAsync(name)", "TOKEN = parse_token(line, 0)",
        "DB_PASSWORD = secrets[\"db\"]", "http://user:pass@proxy.test:8080", "https://user:password@proxy.test/",
        "\"PWD\": \"/home/ada/project\",", "{\"newPassword\": \"Neues Passwort\", \"password\": \"Contraseña\"}",
        "{\"password\": \"パスワード\", \"confirmPassword\": \"パスワード（確認）\"}",
        "\"IAMUserChangePassword\": \"arn:aws:iam::aws:policy/IAMUserChangePassword\",", "NEW_PASSWORD=[Password]",
        "{\"AccessToken\": \"ACCESS_TOKEN\", \"IdToken\": \"minutes\"}", "\"authorizationToken\": \"QVdTOkN...\"", "DB_PASSWORD=change_me",
        "password: \"string|null\"", "{\"KeyStorePassword\": \"The password for the user in the given cluster.\"}",
    ];

    /// <summary>Neighbours of these that do hold one.</summary>
    public static TheoryData<string, string> Secrets => new()
    {
        { "API_KEY = q7Rt2LmZ9xKc4VbN8sPd", "q7Rt2LmZ9xKc4VbN8sPd" },
        { "DB_PASSWORD = abC(9xK2", "abC(9xK2" },
        { "DB_PASSWORD = \"abC(9xK2)\"", "abC(9xK2)" },
        { "DB_PASSWORD=settings.hunter", "settings.hunter" },
        { "DB_PASSWORD=9xK2[abc]", "9xK2[abc]" },
        { "DB_PASSWORD = correcthorse # of the shop", "correcthorse" },
        { "API_KEY = abc.def.ghi", "abc.def.ghi" },
        { "PASSWORD=trueblue", "trueblue" },
        { "PASSWORD = \"none of them\"", "none of them" },
        { "{\"password\": \"correct horse battery staple\"}", "correct horse battery staple" },
        { "{\"password\": \"senha-4417\"}", "senha-4417" },
        { "{\"password\": \"Passwort!\"}", "Passwort!" },
        { "{\"clientSecret\": \"/K7MDENG/bPxRfiCYzq/t2LmZ9xKc\"}", "/K7MDENG/bPxRfiCYzq/t2LmZ9xKc" },
        { "{\"clientSecret\": \"/k7mdeng5bpxrficyzq4t2lmz9xkc/a\"}", "/k7mdeng5bpxrficyzq4t2lmz9xkc/a" },
        { "{\"token\": {\"accessToken\": \"yourself-4417-quartz\"}}", "yourself-4417-quartz" },
        { "DB_PASSWORD=300001", "300001" },
        { "PIN_PASSWORD = 300001", "300001" },
        { "PWD=hunter2x", "hunter2x" },
        { "Server=db;User Id=sa;PWD=/hunter2x", "/hunter2x" },
        { "Server=db;User Id=sa;Password=none.at.all", "none.at.all" },
        { "https://user:passw0rt@proxy.test/", "passw0rt" },
        { "API_KEY=1.2.3a", "1.2.3a" },
        { "pem = \"-----BEGIN PRIVATE KEY-----\" + \"q7Rt2LmZ9xKc4VbN8sPd1WfH6yGj\" + \"-----END PRIVATE KEY-----\"", "q7Rt2LmZ9xKc4VbN8sPd1WfH6yGj" },
        { "-----BEGIN PRIVATE KEY----- q7Rt2LmZ9xKc4VbN8sPd1WfH6yGj q7Rt2LmZ9xKc4VbN -----END PRIVATE KEY-----", "q7Rt2LmZ9xKc4VbN" },
        { "-----BEGIN PRIVATE KEY-----\nq7Rt2LmZ9xKc\n4VbN8sPd1WfH\n6yGjq7Rt2LmZ\n9xKc4VbN\n-----END PRIVATE KEY-----", "4VbN8sPd1WfH" },
        { "9xKc4VbN\n-----END PRIVATE KEY-----", "9xKc4VbN" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Is_left_alone(string text)
    {
        TextRedaction.Default.Apply(text).Should().BeSameAs(text);
        TextRedaction.Default.Apply($"first\n{text}\nlast").Should().Be($"first\n{text}\nlast");
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Is_hidden(string text, string secret) => TextRedaction.Default.Apply(text).Should().NotContain(secret);
}
