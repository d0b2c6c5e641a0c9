using LangGuard.Redaction;

namespace LangGuard.Tests.Redaction;

/// <summary>Texts that only look a little like secrets stay as they are, the same string.</summary>
public sealed class HonestTextTests
{
    private const string Sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
    private const string Sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    public static TheoryData<string> Texts =>
    [
        "01890a5d-ac96-774b-bcce-b302099a8057", "{6F9619FF-8B86-D011-B42D-00C04FC964FF}", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        Sha1, "commit " + Sha1 + "\nAuthor: Ada <ada@example.test>", "index 83db48f..bf269f4 100644", "sha256:" + Sha256, Sha256 + "  setup.zip",
        "sha512-" + "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
        "\"integrity\": \"sha512-8zGXvnrUP0uTjBiYiC1EqDkCM6CV1Yn3/dBHGO3dZ5lNSOh3AX1VnUUHKZkZ3fSzmTsSyWJ5aDZ4BvHNtIWSOg==\"",
        "github.com/pkg/errors v0.9.1 h1:FEBLx1zS214owpjy7qsBeixbURkuhQAwrK5UwLGTwt4=",
        "checksum = \"" + Sha256 + "\"", "    --hash=sha256:" + Sha256, "resolved \"https://registry.test/left-pad/-/left-pad-1.3.0.tgz#" + Sha1 + "\"",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
        "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
        "data:font/woff2;base64,d09GMgABAAAAAAPsAA0AAAAAB+QAAAOWAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "!function(e,t){\"object\"==typeof exports?module.exports=t():e.lib=t()}(this,(function(){var e=123456789,t=\"abcDEF\";return e+t}));",
        "var a=function(b){return b.token?b.token.value:null},c={password:function(){return a}};",
        "ISBN 978-3-16-148410-0", "DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "4111 1111 1111 1111 is the usual test number",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV", "507f1f77bcf86cd799439011", "cjld2cjxh0000qzrmn831i7rn", "V1StGXR8_Z5jdHi6B-myT", "ck_1234567890abcdef",
        "order 20261201-000000000000123456789", "arn:aws:iam::123456789012:role/reader", "s3://bucket/2026/12/01/part-00000-c000.snappy.parquet",
        "projects/example-123456/locations/europe-west1/keyRings/a/cryptoKeys/b", "/subscriptions/01890a5d-ac96-774b-bcce-b302099a8057/resourceGroups/a",
        "DB_PASSWORD=${DB_PASSWORD}", "password: ********", "password=<your password>", "api_key: {{ api_key }}", "API_KEY=$API_KEY", "token: xxxxxxxx",
        "https://user:<password>@git.test/a.git", "postgres://app:${PASSWORD}@db.test/shop", "Authorization: Bearer <token>", "Authorization: Bearer $TOKEN",
        "Authorization: Bearer {token}", "export TOKEN=$(cat /run/token)", "--password=$PASSWORD", "?api_key={key}", "Cookie: session=<id>",
        "password = AskUser(\"Password?\")", "public string Password { get; set; }", "const token = await next();", "if (password == other) return secret;",
        "interface Login { password: string; token: string }", "var secret = configuration[\"Secret\"];", "this.token = token;", "def login(user, password=None):",
        "let access_token = response.access_token;", "SELECT name, secret_santa FROM staff WHERE token_count = 5", "password_hash VARCHAR(60) NOT NULL",
        "args.password || process.env.PASSWORD", "token := r.Header.Get(\"Authorization\")", "cookie = request.cookies.get('session')",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDIHzeq3kHZ ada@example.test", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq3kHZ9xKc4VbN8sPd1WfH6yGj3TaE5uQoYiXr0BnMk ada",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9\n-----END PUBLIC KEY-----",
        "-----BEGIN PGP SIGNATURE-----\n\niQIzBAABCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBFa\n-----END PGP PUBLIC KEY BLOCK-----",
        "ada@example.test", "Ada Lovelace <ada.lovelace+news@mail.example.test>", "mailto:ada@example.test?subject=password",
        "The password must have at least 8 characters.", "Bitte setzen Sie Ihr Passwort zurück und melden Sie sich neu an.",
        "Le mot de passe doit contenir au moins huit caractères.", "La contraseña debe tener al menos ocho caracteres.", "パスワードは八文字以上にしてください。",
        "密码必须至少有八个字符。", "Пароль должен содержать не менее восьми символов.", "يجب أن تتكون كلمة المرور من ثمانية أحرف على الأقل.", "비밀번호는 여덟 자 이상이어야 합니다.",
        "id,amount,when\n1,1234567890.12,2026-12-01T00:00:00Z\n2,0.000000123456789,2026-12-02T00:00:00Z", "3.14159265358979323846264338327950288419716939937510582097494459",
        "00000000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  |.ELF............|", "0x7f454c460201010000000000000000000300", "\\x7f\\x45\\x4c\\x46",
        "https://docs.test/how-to-reset-a-password-when-the-token-of-your-session-has-expired-2026", "https://shop.test/p/Blue-Cotton-Shirt-With-Long-Sleeves-XL-2026?ref=home_1",
        "https://video.test/watch?v=dQw4w9WgXcQ&list=PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf", "https://maps.test/@48.8583701,2.2922926,17z/data=!3m1!4b1",
        "{\"next_token\": \"page2\", \"token\": \"cursor-12\", \"items\": []}", "https://api.test/items?page_token=CAoQAA12345&limit=10", "W/\"686897696a7c876b7e\"",
        "task-management-system-for-enterprise-users-and-their-teams", "desk-lamps-and-more, risk-averse-investors, disk-usage-by-folder-and-by-user-in-2026",
        "v1.2.3-beta.4+build.20261201.sha.5114f85", "Microsoft.Extensions.DependencyInjection.ServiceCollectionContainerBuilderExtensions2",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "key-value-store-with-many-replicas", "patience.is.a.virtue", "TASK_STATE_MACHINE_STARTED_20261201",
        "eyJ is how a token begins", "Bearer tokens are sent in the Authorization header.", "Set-Cookie is a header; Cookie: is the other one.",
        "machine learning: the login page asks for a password twice", "<password>${password}</password>", "cookies: yes, with sugar", "<token>identifier</token>",
        "12, 45, 99, 101, 118, 200, 17, 33, 250, 64, 128, 255, 3, 9, 27, 81", "[72, 101, 108, 108, 111, 44, 32, 112, 97, 115, 115, 119, 111, 114, 100, 33]",
        "00:1A:2B:3C:4D:5E\n00:1A:2B:3C:4D:5F\n00:1A:2B:3C:4D:60\n00:1A:2B:3C:4D:61", "SHA256 9F:86:D0:81:88:4C:7D:65:9A:2F:EA:A0:C5:5A:D0:15:A3:BF:4F:1B",
        "2026-12-01 10:00:00, 2026-12-01 10:05:00, 2026-12-01 10:10:00, 12, 17, 23", "C:\\tools\\new\\readme.txt, C:\\temp\\reports\\token.cs", "R&#233;sum&#233; &#8212; password &#x2713",
        "ServiceCollectionExtensions\nPasswordResetController2\nTokenValidationParameters\nSecretManagerServiceClient", "first line\\nsecond line\\n\\ttoken: next",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Is_left_alone(string text)
    {
        TextRedaction.Default.Apply(text).Should().BeSameAs(text);
        TextRedaction.Default.Apply($"first\n{text}\nlast").Should().Be($"first\n{text}\nlast");
    }

    public static TheoryData<string> Costs => new()
    {
        Repeated("12,45,7,301,0\n"),
        Repeated("  12  45   7 301\n"),
        Repeated("{\"id\": 17, \"total\": 12.5},\n"),
        Repeated("The password must have at least eight characters, and nobody asks you for it.\n"),
    };

    /// <summary>What is only looked at costs nothing.</summary>
    [Theory]
    [MemberData(nameof(Costs))]
    public void Costs_no_memory(string text)
    {
        TextRedaction.Default.Apply(text);
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            TextRedaction.Default.Apply(text);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        least.Should().Be(0);
    }

    private static string Repeated(string line) => string.Concat(Enumerable.Repeat(line, 100));
}
