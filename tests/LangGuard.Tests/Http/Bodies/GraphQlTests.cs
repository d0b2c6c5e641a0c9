using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using LangGuard.Http;

namespace LangGuard.Tests.Http.Bodies;

public sealed class GraphQlTests
{
    private const string Stored = "query Stored { viewer { login } }";
    private static readonly string StoredHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Stored)));

    private static readonly GraphQlRule Rule = new()
    {
        Queries = new[] { "viewer", "repository" }.ToFrozenSet(),
        Mutations = new[] { "addStar" }.ToFrozenSet(),
        MaxDepth = 4,
        MaxAliases = 3,
        MaxFields = 40,
        PersistedHashes = new[] { StoredHash }.ToFrozenSet(),
    };

    [Theory]
    [InlineData("{ viewer { login } }")]
    [InlineData("query { viewer { login } }")]
    [InlineData("query Me($n: Int! = 3, $l: [[String!]]) @skip(if: false) { viewer { repos(first: $n, tags: [\"a\", \"b\"]) { name } } }")]
    [InlineData("{ mine: viewer { login, __typename } __typename }")]
    [InlineData("mutation { addStar(input: {id: \"x\", deep: {list: [1, -2.5e3, true, null, ENUM]}}) { id } }")]
    [InlineData("# a comment with } and mutation { deleteAll }\n{ viewer { login } }")]
    [InlineData("{ viewer { ...F ... on User { name } ... @include(if: true) { id } } } fragment F on User { login }")]
    [InlineData("{ ...Root } fragment Root on Query { viewer { login } }")]
    [InlineData("{ viewer(s: \"} mutation { deleteAll }\", b: \"\"\"block \"quote\" \\\"\"\" } { # no comment\n\"\"\") { login } }")]
    [InlineData("{ query: viewer { login } }")]
    [InlineData("{ repository(owner: \"\\u0041\\n\", on: 1) { on } }")]
    public void Grants_documents_whose_root_fields_are_granted(string document) => Check(document).Should().BeNull();

    [Theory]
    [InlineData("{ deleteAll }", "http.graphql-operation")]
    [InlineData("{ viewer: deleteAll }", "http.graphql-operation")]
    [InlineData("mutation { viewer { login } }", "http.graphql-operation")]
    [InlineData("mutation { deleteAll { id } }", "http.graphql-operation")]
    [InlineData("subscription { viewer { login } }", "http.graphql-operation")]
    [InlineData("{ addStar { id } }", "http.graphql-operation")]
    [InlineData("{ ...R } fragment R on Query { admin { keys } }", "http.graphql-operation")]
    [InlineData("{ ... on Query { ... { ...R } } } fragment R on Query { viewer { login } admin }", "http.graphql-operation")]
    [InlineData("{ viewer { login } } fragment R on Query { ...S } fragment S on Query { admin } ", null)]
    [InlineData("{ viewer # \r admin\n { login } }", "http.graphql-operation")]
    [InlineData("{ Viewer { login } }", "http.graphql-operation")]
    [InlineData("{ __schema { types { name } } }", "http.graphql-introspection")]
    [InlineData("{ viewer { a: __type(name: \"x\") { name } } }", "http.graphql-introspection")]
    [InlineData("{ ...R } fragment R on Query { x: __schema { types { name } } }", "http.graphql-introspection")]
    [InlineData("{ viewer { a { b { c { d } } } } }", "http.graphql-cost")]
    [InlineData("{ viewer { ...A } } fragment A on T { a { ...B } } fragment B on T { b { c { d } } }", "http.graphql-cost")]
    [InlineData("{ a: viewer { x } b: viewer { x } c: viewer { x } d: viewer { x } }", "http.graphql-cost")]
    [InlineData("{ viewer { ...A ...A ...A ...A } } fragment A on T { x: y }", "http.graphql-cost")]
    [InlineData("{ viewer { ...A } } fragment A on T { ...A }", "http.graphql-document")]
    [InlineData("{ viewer { ...A } } fragment A on T { b { ...B } } fragment B on T { ...C } fragment C on T { a { ...A } }", "http.graphql-document")]
    [InlineData("{ viewer { ...Missing } }", "http.graphql-document")]
    [InlineData("{ viewer { x } } fragment A on T { x } fragment A on Query { admin }", "http.graphql-document")]
    [InlineData("{ viewer { x } } { admin }", "http.graphql-document")]
    [InlineData("query A { viewer { x } } query A { admin }", "http.graphql-document")]
    [InlineData("fragment A on T { x }", "http.graphql-document")]
    [InlineData("", "http.graphql-document")]
    [InlineData("{ }", "http.graphql-document")]
    [InlineData("{ viewer { } }", "http.graphql-document")]
    [InlineData("{ viewer { x } ", "http.graphql-document")]
    [InlineData("{ viewer { x } } }", "http.graphql-document")]
    [InlineData("{ viewer @export(as: \"x\") { x } }", "http.graphql-document")]
    [InlineData("query @live { viewer { x } }", "http.graphql-document")]
    [InlineData("{ viewer { ... @defer { x } } }", "http.graphql-document")]
    [InlineData("{ viewer @Skip(if: true) { x } }", "http.graphql-document")]
    [InlineData("type A { x: Int }", "http.graphql-document")]
    [InlineData("extend schema { mutation: M } { viewer { x } }", "http.graphql-document")]
    [InlineData("Query { viewer { x } }", "http.graphql-document")]
    [InlineData("{ viewer(s: \"unterminated) { x } }", "http.graphql-document")]
    [InlineData("{ viewer(s: \"\"\"unterminated\"\") { x } }", "http.graphql-document")]
    [InlineData("{ viewer(s: \"a\nb\") { x } }", "http.graphql-document")]
    [InlineData("{ viewer(s: \"\\u{41}\") { x } }", "http.graphql-document")]
    [InlineData("{ viewer(n: 0x1) { x } }", "http.graphql-document")]
    [InlineData("{ viewer(n: 1 { x } }", "http.graphql-document")]
    [InlineData("{ viewer() { x } }", "http.graphql-document")]
    [InlineData("{ vi\u00e9wer { x } }", "http.graphql-document")]
    [InlineData("\ufeff{ viewer { x } }", "http.graphql-document")]
    [InlineData("{ viewer { x } } # \u2028 mutation { admin }", "http.graphql-document")]
    [InlineData("{ viewer { x } } # \0", "http.graphql-document")]
    [InlineData("{ viewer\u00a0{ x } }", "http.graphql-document")]
    [InlineData("fragment on on T { x } { viewer { x } }", "http.graphql-document")]
    public void Judges_every_other_document(string document, string? rule) =>
        (Check(document)?.Rule).Should().Be(rule);

    [Theory]
    [InlineData("query A { viewer { x } } query B { repository { x } }", "A", null)]
    [InlineData("query A { viewer { x } } query B { admin }", "A", "http.graphql-operation")]
    [InlineData("query A { viewer { x } } mutation B { deleteAll }", "A", "http.graphql-operation")]
    [InlineData("query A { viewer { x } } query B { repository { x } }", null, "http.graphql-document")]
    [InlineData("query A { viewer { x } }", "B", "http.graphql-document")]
    [InlineData("query A { viewer { x } }", "a", "http.graphql-document")]
    [InlineData("{ viewer { x } }", "A", "http.graphql-document")]
    public void Judges_every_operation_whichever_is_named(string document, string? name, string? rule) =>
        (Check(document, name)?.Rule).Should().Be(rule);

    [Theory]
    [InlineData("""{"query":"{viewer{x}}","variables":{"a":[1,{"b":null}]},"operationName":null}""", null)]
    [InlineData("""{"query":"{viewer{x}}","variables":null,"extensions":null}""", null)]
    [InlineData("""{"\u0071uery":"{admin}"}""", "http.graphql-operation")]
    [InlineData("""{"query":"{viewer{x}}","query":"{admin}"}""", "http.body-duplicate-key")]
    [InlineData("""{"query":"{viewer{x}}","Query":"{admin}"}""", "http.graphql-request")]
    [InlineData("""{"query":"{viewer{x}}","variables":{"query":"{admin}","documentId":"x"}}""", null)]
    [InlineData("""{"query":"{viewer{x}}","variables":{"a":1,"a":2}}""", "http.body-duplicate-key")]
    [InlineData("""[{"query":"{viewer{x}}"}]""", "http.graphql-request")]
    [InlineData("""[]""", "http.graphql-request")]
    [InlineData("""{}""", "http.graphql-request")]
    [InlineData("""{"query":null}""", "http.graphql-request")]
    [InlineData("""{"query":["{viewer{x}}"]}""", "http.graphql-request")]
    [InlineData("""{"query":"{viewer{x}}","id":"x"}""", "http.graphql-request")]
    [InlineData("""{"query":"{viewer{x}}","doc_id":"x"}""", "http.graphql-request")]
    [InlineData("""{"query":"{viewer{x}}","extensions":{"other":1}}""", "http.graphql-request")]
    [InlineData("""{"documentId":"abc"}""", "http.graphql-persisted")]
    [InlineData("""{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"abc"}}}""", "http.graphql-persisted")]
    [InlineData("""{"extensions":{"persistedQuery":{"version":2,"sha256Hash":"abc"}}}""", "http.graphql-request")]
    [InlineData("""{"query":"query=%7Badmin%7D"}""", "http.graphql-document")]
    public void Judges_the_json_around_the_document(string body, string? rule) =>
        (GraphQlRequestReader.Check(Rule, Encoding.UTF8.GetBytes(body))?.Rule).Should().Be(rule);

    [Fact]
    public void Grants_a_stored_document_by_its_hash_only()
    {
        string Body(string hash, string? query) => JsonSerializer.Serialize(
            new { query, extensions = new { persistedQuery = new { version = 1, sha256Hash = hash } } });
        string? Rule(string body) => GraphQlRequestReader.Check(GraphQlTests.Rule, Encoding.UTF8.GetBytes(body))?.Rule;

        Rule(Body(StoredHash, null)).Should().BeNull();
        Rule(Body(StoredHash, Stored)).Should().BeNull();
        Rule($$"""{"documentId":"{{StoredHash}}"}""").Should().BeNull();
        Rule(Body(new string('0', 64), null)).Should().Be("http.graphql-persisted");
        Rule(Body(StoredHash, "{ viewer { x } }")).Should().Be("http.graphql-persisted", "it would be stored under the hash");
    }

    [Fact]
    public void Introspection_is_granted_only_where_the_rule_says_so()
    {
        var open = Rule with { AllowsIntrospection = true };
        GraphQlAnalysis.Check(open, "{ __schema { types { name } } }", null).Should().BeNull();
        GraphQlAnalysis.Check(open, "mutation { __schema { types { name } } }", null).Should().NotBeNull();
        GraphQlAnalysis.Check(open with { Queries = new[] { "*" }.ToFrozenSet() }, "{ anything }", null).Should().BeNull();
        GraphQlAnalysis.Check(Rule with { Queries = new[] { "*" }.ToFrozenSet() }, "{ __type { x } }", null).Should().NotBeNull();
    }

    [Fact]
    public void Bombs_cost_no_more_than_their_length()
    {
        var doubling = "{ viewer { ...F0 } } " + string.Concat(Enumerable.Range(0, 200)
            .Select(i => $"fragment F{i} on T {{ ...F{i + 1} ...F{i + 1} }} ")) + "fragment F200 on T { x }";
        var nested = "{ viewer " + string.Concat(Enumerable.Repeat("{ a ", 4_000)) + new string('}', 4_000) + "}";
        var brackets = "{ viewer(a: " + new string('[', 9_000) + ") { x } }";
        var aliases = "{ viewer { " + string.Concat(Enumerable.Range(0, 3_000).Select(i => $"a{i}: x ")) + "} }";
        var types = "query($a: " + new string('[', 9_000) + "Int) { viewer { x } }";
        var comment = "#" + new string('x', 500_000) + "\n{ viewer { x } }";

        // Two to the power of two hundred fields would not end.
        foreach (var bomb in new[] { doubling, nested, brackets, aliases, types })
        {
            Check(bomb).Should().NotBeNull();
        }

        Check(comment).Should().BeNull();
    }

    [Fact]
    public void Never_throws_and_never_grants_a_root_field_outside_the_list() =>
        Gen.OneOf(
                "{", "}", "(", ")", ":", "viewer", "admin", "query", "mutation", "fragment", "on", "F", "...", "\"a\"",
                "\"\"\"b\"\"\"", "#\n", "#\r", "@include", "@x", "$v", "=", "1", "[", "]", "!", "&", " ", ",", "\ufeff")
            .Array[0, 25]
            .Select(parts => string.Join(' ', parts))
            .Sample(
                document =>
                {
                    if (Check(document) is null && !document.Contains("fragment"))
                    {
                        document.Should().NotMatchRegex(@"^[^""]*\{ admin");
                    }
                },
                iter: 100_000);

    private static Reason? Check(string document, string? operationName = null) =>
        GraphQlAnalysis.Check(Rule, document, operationName);
}
