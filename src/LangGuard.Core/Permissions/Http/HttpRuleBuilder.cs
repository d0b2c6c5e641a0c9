using System.Globalization;

namespace LangGuard.Permissions;

/// <summary>Says more about one endpoint rule. Every call adds a clause to the rule text, so that rules in code and in
/// configuration are the same thing.</summary>
public sealed class HttpRuleBuilder
{
    internal HttpRuleBuilder(HttpRuleOptions options) => Options = options;

    internal HttpRuleOptions Options { get; }

    /// <summary>Grants query keys, each with an optional type: <c>page:int</c>, <c>state:open|closed</c>,
    /// <c>q:text(200)</c>. Keys that are not listed are denied; <c>*</c> grants every key.</summary>
    public HttpRuleBuilder Query(params string[] keys) => Add("query", keys);

    /// <summary>Grants request headers besides the usual ones; <c>*</c> grants every header that does not reroute the
    /// request.</summary>
    public HttpRuleBuilder Headers(params string[] names) => Add("header", names);

    /// <summary>Accepts only responses of these media types.</summary>
    public HttpRuleBuilder ContentTypes(params string[] types) => Add("type", types);

    /// <summary>Opens private networks, such as <c>10.2.0.0/16</c>, for the hosts of this rule. Metadata services and the
    /// application's own listeners stay closed.</summary>
    public HttpRuleBuilder Private(params string[] networks) => Add("private", networks);

    /// <summary>Attaches a credential that the agent never sees.</summary>
    /// <param name="credential">The name that the credential broker knows.</param>
    public HttpRuleBuilder Inject(string credential) => Add("inject", credential);

    /// <summary>Grants JSON bodies. Duplicate keys, also in two letter cases, are refused at every depth.</summary>
    public HttpRuleBuilder JsonBody()
    {
        Options.Rule += " body json";
        return this;
    }

    /// <summary>Grants JSON bodies of one shape.</summary>
    /// <param name="schema">A JSON schema; see <see cref="HttpBodyOptions.JsonSchema"/> for what it can say.</param>
    public HttpRuleBuilder JsonBody(string schema)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(schema);
        Options.Body = new HttpBodyOptions { JsonSchema = schema };
        return this;
    }

    /// <summary>Grants urlencoded forms of these fields, each with an optional type: <c>amount:int</c>. A name that ends with
    /// <c>[]</c> may be there more than once; <c>*</c> grants every field that does not override the method.</summary>
    public HttpRuleBuilder FormBody(params string[] fields) => Add("body form keys", fields);

    /// <summary>Grants multipart forms of these fields and files.</summary>
    /// <param name="fields">As in <see cref="FormBody"/>; may be empty.</param>
    /// <param name="files">Names of the parts that may be files; may be empty.</param>
    /// <param name="fileTypes">Media types that the files may have.</param>
    public HttpRuleBuilder MultipartBody(string[] fields, string[] files, string[] fileTypes)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(fileTypes);
        Options.Rule += " body multipart";
        _ = fields.Length == 0 ? this : Add("keys", fields);
        return files.Length == 0 ? this : Add("files", files).Add("types", fileTypes);
    }

    /// <summary>Grants GraphQL requests by their root fields: <c>query:viewer,repository</c>, <c>mutation:addStar</c>, with
    /// <c>depth 8</c>, <c>aliases 16</c>, <c>fields 1000</c> and <c>persisted HASH</c> as further clauses. Introspection is
    /// refused unless a clause says <c>introspection</c>.</summary>
    public HttpRuleBuilder GraphQl(params string[] clauses)
    {
        ArgumentNullException.ThrowIfNull(clauses);
        Options.Rule += $" graphql {string.Join(' ', clauses)}";
        return this;
    }

    /// <summary>Limits the request body.</summary>
    public HttpRuleBuilder MaxBody(long bytes) => Add("max-body", Number(bytes));

    /// <summary>Limits the response on the wire.</summary>
    public HttpRuleBuilder MaxResponse(long bytes) => Add("max-response", Number(bytes));

    /// <summary>Limits the response after decompression.</summary>
    public HttpRuleBuilder MaxContent(long bytes) => Add("max-content", Number(bytes));

    /// <summary>Limits the time from request to the last byte.</summary>
    public HttpRuleBuilder Timeout(TimeSpan total) => Add("timeout", Milliseconds(total));

    /// <summary>Limits the time between two pieces of a response.</summary>
    public HttpRuleBuilder Idle(TimeSpan idle) => Add("idle", Milliseconds(idle));

    /// <summary>Limits requests in a minute.</summary>
    public HttpRuleBuilder RatePerMinute(int requests) => Add("rate", Number(requests) + "/min");

    /// <summary>Limits requests that run at the same time.</summary>
    public HttpRuleBuilder Concurrency(int requests) => Add("concurrency", Number(requests));

    /// <summary>Limits the events of a server-sent event stream.</summary>
    public HttpRuleBuilder Events(int count) => Add("events", Number(count));

    /// <summary>Says that responses are deployer-trusted content.</summary>
    public HttpRuleBuilder Trusted()
    {
        Options.Rule += " trusted";
        return this;
    }

    internal HttpRuleBuilder Add(string clause, params string[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Options.Rule += $" {clause} {string.Join(',', values)}";
        return this;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) => Number((long)time.TotalMilliseconds) + "ms";
}
