using System.Text.Json;
using LangGuard.Permissions;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.AI;

/// <summary>Values of arguments, honest and hostile, for each kind of rule, on a function that is really called.</summary>
public sealed class ArgumentValueTests
{
    public static TheoryData<string, string> Honest
    {
        get
        {
            var data = new TheoryData<string, string>();
            Add(data, "mail",
                "\"a@contoso.test\"", "\"A.B+c@CONTOSO.test\"", "[\"a@contoso.test\",\"b@contoso.test\"]", "\"Ada <a@contoso.test>\"",
                "\"a@contoso.test, b@contoso.test\"", "\"a@contoso.test; b@contoso.test\"", "\"\\\"Ada Lovelace\\\" <a@contoso.test>\"",
                "\" a@contoso.test \"", "\"o'brien@contoso.test\"", "\"a_b-c.d@contoso.test\"");
            Add(data, "host",
                "\"api.contoso.test\"", "\"https://api.contoso.test/x?y=1\"", "\"API.contoso.test\"", "\"http://api.contoso.test\"",
                "\"https://api.contoso.test:443/\"");
            Add(data, "under",
                "\"/kb/drafts\"", "\"/kb/drafts/a.md\"", "\"/kb/drafts/a b/ü.md\"", "\"/kb/drafts/..a\"", "\"/kb/drafts/a..b\"",
                "\"/kb/drafts/\"", "[\"/kb/drafts/a\",\"/kb/drafts/b\"]");
            Add(data, "range",
                "1", "100", "1.5", "50", "1e1", "99.999999", "[1,2,3]", "100.0");
            Add(data, "one",
                "\"low\"", "\"high\"", "[\"low\",\"high\"]");
            Add(data, "pattern",
                "\"AB-1\"", "\"ZZ-00099\"");
            Add(data, "alternation",
                "\"a\"", "\"b\"");
            Add(data, "text",
                "\"abcde\"", "\"\"", "\"日本語\"");
            return data;
        }
    }

    public static TheoryData<string, string> Hostile
    {
        get
        {
            var data = new TheoryData<string, string>();
            Add(data, "mail",
                "\"a@evil.test\"", "\"a@contoso.test.evil.test\"", "\"a@contoso.test@evil.test\"", "\"a@evil.test,b@contoso.test\"",
                "\"a@contoso.test\\nbcc: x@evil.test\"", "\"a@contoso.test\\r\\nCc: x@evil.test\"", "\"a@sub.contoso.test\"",
                "\"contoso.test\"", "\"@contoso.test\"", "\"a@contoso.test <x@evil.test>\"", "\"<a@contoso.test> x@evil.test\"",
                "\"\\\"a@contoso.test\\\" <x@evil.test>\"", "\"x@evil.test (a@contoso.test)\"", "\"a@cont\\u043Eso.test\"",
                "\"a@contoso\\u3002test\"", "\"a@contoso.test\\u0000@evil.test\"", "\"a%x@evil.test@contoso.test\"",
                "\"@evil.test:a@contoso.test\"", "\"x!y@evil.test\"", "[\"a@contoso.test\",\"x@evil.test\"]", "[[\"x@evil.test\"]]",
                "{\"address\":\"a@contoso.test\"}", "null", "5", "[]", "\"\"", "\"group: x@evil.test;\"", "\"a@[1.2.3.4]\"",
                "\"a@contoso.test.\"", "\"a b@contoso.test\"", "\"a@contoso.test x@evil.test\"", "\"a@contoso.test|x@evil.test\"",
                "\"mailto:a@contoso.test?cc=x@evil.test\"", "\"a@contoso.test?cc=x@evil.test\"", "\"x@evil.test#@contoso.test\"",
                "\"a@contoso.test\\u200b\"", "\"a@contoso.test\\u2028x@evil.test\"");
            Add(data, "host",
                "\"api.contoso.test.evil.test\"", "\"https://evil.test/api.contoso.test\"", "\"https://api.contoso.test@evil.test/\"",
                "\"https://evil.test#api.contoso.test\"", "\"https://evil.test\\\\@api.contoso.test\"",
                "\"https://api.contoso.test\\\\@evil.test\"", "\"//evil.test/\"", "\"javascript:alert(1)//api.contoso.test\"",
                "\"ftp://api.contoso.test\"", "\"x.api.contoso.test\"", "\"api.contoso.test\\u0000.evil.test\"",
                "\"https://user@api.contoso.test\"", "\"https://api.contoso.test%2eevil.test\"", "[\"api.contoso.test\",\"evil.test\"]",
                "\"https:evil.test\"", "\"https:///evil.test\"", "\" https://evil.test api.contoso.test\"", "\"\"", "null",
                "\"api.contoso.test\\nevil.test\"", "\"https://api.contoso.test\\tevil.test/\"");
            Add(data, "under",
                "\"/kb/draftsx\"", "\"/kb/drafts/../x\"", "\"/kb/drafts/a/../../x\"", "\"/kb\"", "\"kb/drafts/a\"", "\"/kb/drafts/..\\\\x\"",
                "\"/kb/drafts/%2e%2e/x\"", "\"/kb/drafts/a\\u0000\"", "\"file:///kb/drafts/a\"", "\"/KB/DRAFTS/a\"", "\"//kb/drafts/a\"",
                "\"/kb/drafts/./../x\"", "[\"/kb/drafts/a\",\"/etc/x\"]", "\"/kb/drafts/a\\n/etc/x\"", "\"~/kb/drafts\"", "null", "\"\"");
            Add(data, "range",
                "0", "101", "-1", "1e9", "1e400", "100.0000000000000000000000000001", "\"5\"", "\"abc\"", "null", "true", "[1,101]", "{}", "[]",
                "0.99999999999999999999999999999", "[[1]]", "1e-1");
            Add(data, "one",
                "\"Low\"", "\"low \"", "\"low\\n\"", "\"low,evil\"", "\"medium\"", "\"\"", "null", "1", "[\"low\",\"x\"]", "[]",
                "{\"a\":\"low\"}", "\"lo\\u200bw\"", "\"l\\u043Ew\"");
            Add(data, "pattern",
                "\"AB-1\\n\"", "\"xAB-1\"", "\"AB-1x\"", "\"AB-\\u0661\"", "\"ab-1\"", "\"AB-1\\nCD-2\"", "\"\"", "null", "5",
                "[\"AB-1\",\"x\"]", "\"AB\\u20101\"");
            Add(data, "alternation",
                "\"ax\"", "\"xb\"", "\"a\\n\"", "\"ab\"");
            Add(data, "text",
                "\"abcdef\"", "\"\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\"", "{\"a\":\"aaaaaaaaa\"}", "[\"aaaaaaaaaa\"]", "123456789012");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Honest))]
    public async Task Reaches_the_function(string rule, string json) => (await IsCalledAsync(rule, Parse(json))).Should().BeTrue();

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Never_reaches_the_function(string rule, string json) => (await IsCalledAsync(rule, Parse(json))).Should().BeFalse();

    /// <summary>Numbers of the host's own types, which are not read from a text.</summary>
    [Theory]
    [InlineData(100.0, true)]
    [InlineData(1.0, true)]
    [InlineData(100.00000000000001, false)]
    [InlineData(0.9999999999999999, false)]
    [InlineData(1e30, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    public async Task Doubles_are_compared_as_they_are(double value, bool expected) =>
        (await IsCalledAsync("range", value)).Should().Be(expected);

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement.Clone();

    private static void Add(TheoryData<string, string> data, string rule, params string[] values)
    {
        foreach (var value in values)
        {
            data.Add(rule, value);
        }
    }

    private static async Task<bool> IsCalledAsync(string rule, object value)
    {
        var called = false;
        var function = AIFunctionFactory.Create(
            (JsonElement v) =>
            {
                called = true;
                return v.ToString();
            },
            "act");
        using var session = Operations.SessionOf(guard => guard.LimitPermissions(allow => allow
            .Function("act", f => f.OnlyReads().Require("v", Rule(rule)))));
        await session.Guard(function).InvokeAsync(new AIFunctionArguments { ["v"] = value });
        return called;
    }

    private static ArgumentRule Rule(string name) => name switch
    {
        "mail" => ArgumentRule.EmailDomain("contoso.test"),
        "host" => ArgumentRule.Host("api.contoso.test"),
        "under" => ArgumentRule.Under("/kb/drafts"),
        "range" => ArgumentRule.Range(1, 100),
        "one" => ArgumentRule.OneOf("low", "high"),
        "pattern" => ArgumentRule.Pattern("[A-Z]{2}-[0-9]+"),
        "alternation" => ArgumentRule.Pattern("^a|b$"),
        _ => ArgumentRule.Text(5),
    };
}
