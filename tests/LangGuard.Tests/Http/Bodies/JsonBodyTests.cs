using System.Text;
using LangGuard.Http;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Http.Bodies;

public sealed class JsonBodyTests
{
    private const string Payment =
        """
        {
          "type": "object",
          "required": ["amount", "currency"],
          "properties": {
            "amount": { "type": "integer", "minimum": 1, "maximum": 100 },
            "currency": { "enum": ["eur", "usd"] },
            "note": { "type": "string", "maxLength": 10, "pattern": "^[a-z ]*$" },
            "price": { "type": "number", "exclusiveMinimum": 0, "maximum": 99.5 },
            "when": { "type": "string", "format": "date" },
            "urgent": { "const": true },
            "parent": { "type": ["object", "null"], "properties": { "id": { "type": "string", "format": "uuid" } } },
            "tags": { "type": "array", "items": { "type": "string", "minLength": 2 }, "maxItems": 2 },
            "free": { "type": "object", "properties": { "kind": { "const": "x" } }, "additionalProperties": true }
          }
        }
        """;

    [Theory]
    [InlineData("""{"amount":1,"currency":"eur"}""")]
    [InlineData(""" { "currency" : "usd" , "amount" : 100 } """)]
    [InlineData("""{"amount":5,"currency":"eur","note":"all fine"}""")]
    [InlineData("""{"amount":5,"\u0063urrency":"\u0065ur"}""")]
    [InlineData("""{"amount":5,"currency":"eur","price":0.01}""")]
    [InlineData("""{"amount":5,"currency":"eur","price":9.95e1}""")]
    [InlineData("""{"amount":5,"currency":"eur","when":"2026-02-28"}""")]
    [InlineData("""{"amount":5,"currency":"eur","urgent":true}""")]
    [InlineData("""{"amount":5,"currency":"eur","parent":null}""")]
    [InlineData("""{"amount":5,"currency":"eur","parent":{"id":"0f8fad5b-d9cb-469f-a165-70867728950e"}}""")]
    [InlineData("""{"amount":5,"currency":"eur","tags":["ab","cd"]}""")]
    [InlineData("""{"amount":5,"currency":"eur","free":{"kind":"x","other":[1,{"a":"\ud83d\ude00"}]}}""")]
    public void Grants_bodies_of_the_stated_shape(string json) => Check(Payment, json).Should().BeNull();

    [Theory]
    [InlineData("""{"amount":1}""", "http.body-schema")]
    [InlineData("""{"amount":0,"currency":"eur"}""", "http.body-schema")]
    [InlineData("""{"amount":101,"currency":"eur"}""", "http.body-schema")]
    [InlineData("""{"amount":"1","currency":"eur"}""", "http.body-schema")]
    [InlineData("""{"amount":10.0,"currency":"eur"}""", "http.body-schema")]
    [InlineData("""{"amount":1e1,"currency":"eur"}""", "http.body-schema")]
    [InlineData("""{"amount":-0,"currency":"eur"}""", "http.body-schema")]
    [InlineData("""{"amount":1e400,"currency":"eur"}""", "http.body-number")]
    [InlineData("""{"amount":99999999999999999999999999,"currency":"eur"}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"EUR"}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur\u0000"}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","price":0}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","price":99.50000000000000000001}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","note":"UPPER"}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","note":"fine\n"}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","note":"much too long"}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","when":"2026-02-30"}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","urgent":false}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","urgent":"true"}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","parent":{"id":"x"}}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","parent":{"name":"x"}}""", "http.body-key")]
    [InlineData("""{"amount":1,"currency":"eur","tags":["a"]}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","tags":["ab","cd","ef"]}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","tags":{"0":"ab"}}""", "http.body-schema")]
    [InlineData("""{"amount":1,"currency":"eur","admin":true}""", "http.body-key")]
    [InlineData("""{"amount":1,"currency":"eur","Amount":1000}""", "http.body-key")]
    [InlineData("""{"amount":1,"amount":1000,"currency":"eur"}""", "http.body-duplicate-key")]
    [InlineData("""{"amount":1,"\u0061mount":1000,"currency":"eur"}""", "http.body-duplicate-key")]
    [InlineData("""{"amount":1,"currency":"eur","free":{"kind":"x","Kind":"y"}}""", "http.body-duplicate-key")]
    [InlineData("""{"amount":1,"currency":"eur","free":{"KIND":"y"}}""", "http.body-duplicate-key")]
    [InlineData("""{"amount":1,"currency":"eur","free":{"\u212aind":"y"}}""", "http.body-duplicate-key")]
    [InlineData("""{"amount":1,"currency":"eur","free":{"kind":"y"}}""", "http.body-schema")]
    [InlineData("""[{"amount":1,"currency":"eur"}]""", "http.body-schema")]
    [InlineData("""null""", "http.body-schema")]
    public void Refuses_every_other_shape(string json, string rule) => Check(Payment, json)!.Rule.Should().Be(rule);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1} {\"a\":2}")]
    [InlineData("{\"a\":1}x")]
    [InlineData("{\"a\":1}\0")]
    [InlineData("{/*c*/\"a\":1}")]
    [InlineData("{\"a\":1}//c")]
    [InlineData("{'a':1}")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":+1}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":.5}")]
    [InlineData("{\"a\":0x10}")]
    [InlineData("{\"a\":\"\ufeff\"}\ufeff")]
    [InlineData("\ufeff{\"a\":1}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("{\"a\":\"line\nbreak\"}")]
    [InlineData("{\"a\":\"\\x41\"}")]
    public void Refuses_what_is_not_one_strict_json_value(string json) => Check(null, json)!.Rule.Should().Be("http.body-json");

    [Theory]
    [InlineData("{\"a\":1,\"a\":1}", "http.body-duplicate-key")]
    [InlineData("{\"b\":{\"x\":[{\"a\":1,\"A\":1}]}}", "http.body-duplicate-key")]
    [InlineData("{\"\u0131d\":1,\"ID\":2}", "http.body-duplicate-key")]
    [InlineData("{\"stra\u017fe\":1,\"strase\":2}", "http.body-duplicate-key")]
    [InlineData("{\"__proto__\":{\"admin\":true}}", "http.body-key")]
    [InlineData("{\"a\":[{\"\\u005f_proto__\":1}]}", "http.body-key")]
    [InlineData("{\"constructor\":{\"prototype\":{\"admin\":true}}}", "http.body-key")]
    [InlineData("{\"a\\u0000b\":1}", "http.body-key")]
    [InlineData("{\"a\\u200b\":1}", "http.body-key")]
    [InlineData("{\"_method\":\"DELETE\"}", "http.method-override")]
    [InlineData("{\"\\u005fMETHOD\":\"DELETE\"}", "http.method-override")]
    [InlineData("{\"a\":1e999}", "http.body-number")]
    [InlineData("{\"a\":1e-999}", "http.body-number")]
    [InlineData("{\"a\":1e99999999999}", "http.body-number")]
    public void Refuses_what_readers_disagree_on_without_a_schema(string json, string rule) =>
        Check(null, json)!.Rule.Should().Be(rule);

    [Theory]
    [InlineData("{\"a\":{\"x\":1},\"b\":{\"x\":1},\"constructor\":\"Ferrari\",\"note\":\"_method\"}")]
    [InlineData("[{\"a\":1},{\"a\":2}]")]
    [InlineData("{\"items\":[{\"prototype\":1}],\"x\":-0.0,\"y\":1E+10,\"z\":\"\\u0000\"}")]
    [InlineData("\"text\"")]
    [InlineData("1")]
    public void Grants_ordinary_json_without_a_schema(string json) => Check(null, json).Should().BeNull();

    [Fact]
    public void Refuses_other_encodings()
    {
        const string json = """{"a":1}""";
        JsonBodyValidator.Validate(Encoding.UTF8.GetBytes(json), null).Should().BeNull("the positive control");
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            JsonBodyValidator.Validate(encoding.GetBytes(json), null)!.Rule.Should().Be("http.body-json");
            JsonBodyValidator.Validate([.. encoding.GetPreamble(), .. encoding.GetBytes(json)], null).Should().NotBeNull();
        }

        JsonBodyValidator.Validate([.. "{\"a\":\""u8, 0xc0, 0xaf, .. "\"}"u8], null).Should().NotBeNull("overlong UTF-8");
        JsonBodyValidator.Validate([.. "{\"a\":\""u8, 0xff, .. "\"}"u8], null).Should().NotBeNull();
    }

    [Theory]
    [InlineData(32, null)]
    [InlineData(33, "http.body-json")]
    [InlineData(500_000, "http.body-json")]
    public void Refuses_deep_nesting(int depth, string? rule)
    {
        var json = new string('[', depth) + new string(']', depth);
        var objects = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

        (Check(null, json)?.Rule).Should().Be(rule);
        Check(null, json).Should().Match<Reason?>(reason => reason == null == (rule == null));
        Check(null, objects).Should().Match<Reason?>(reason => reason == null == (rule == null));
    }

    [Fact]
    public void Takes_linear_time_for_many_keys_and_long_strings()
    {
        Cost.ShouldBeLinear(3_000, keys => Check(
            null, "{" + string.Join(',', Enumerable.Range(0, keys).Select(i => $"\"key{i}\":{i}")) + "}").Should().BeNull());
        Cost.ShouldBeLinear(9_000, characters => Check(
            null, "{\"a\":\"" + string.Concat(Enumerable.Repeat("\\u0041", characters)) + "\"}").Should().BeNull());
    }

    [Fact]
    public void Follows_a_schema_that_refers_to_itself()
    {
        const string tree =
            """
            { "$ref": "#/$defs/node",
              "$defs": { "node": { "type": "object", "required": ["v"],
                "properties": { "v": { "type": "integer" }, "next": { "$ref": "#/$defs/node" } } } } }
            """;

        Check(tree, """{"v":1,"next":{"v":2,"next":{"v":3}}}""").Should().BeNull();
        Check(tree, """{"v":1,"next":{"v":2,"next":{}}}""")!.Message.Should().Contain("expected object with v");
        Check(tree, """{"v":1,"next":{"v":2,"x":1}}""")!.Rule.Should().Be("http.body-key");
    }

    [Fact]
    public void Keeps_more_than_64_declared_keys_apart()
    {
        var properties = string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"k{i}\":{{\"type\":\"integer\"}}"));
        var required = string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"k{i}\""));
        var schema = "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{" + properties
            + "},\"required\":[" + required + "]}}";
        string Object(int skip, int twice) => "{" + string.Join(',', Enumerable.Range(0, 200).Where(i => i != skip)
            .Concat(twice < 0 ? [] : [twice]).Select(i => $"\"k{i}\":{i}")) + "}";

        Check(schema, $"[{Object(-1, -1)},{Object(-1, -1)}]").Should().BeNull();
        Check(schema, $"[{Object(-1, -1)},{Object(130, -1)}]")!.Rule.Should().Be("http.body-schema");
        Check(schema, $"[{Object(-1, 130)}]")!.Rule.Should().Be("http.body-duplicate-key");
    }

    private static Reason? Check(string? schema, string json)
    {
        var errors = new List<string>();
        var root = schema is null ? null : JsonSchema.TryParse(schema, errors)?.Root;
        errors.Should().BeEmpty();
        return JsonBodyValidator.Validate(Encoding.UTF8.GetBytes(json), root);
    }
}
