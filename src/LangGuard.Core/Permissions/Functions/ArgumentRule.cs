namespace LangGuard.Permissions;

/// <summary>What an argument of a function has to be.</summary>
public sealed class ArgumentRule
{
    private readonly Action<ArgumentOptions> _apply;

    private ArgumentRule(Action<ArgumentOptions> apply) => _apply = apply;

    /// <summary>E-mail addresses of these domains only. Lists are taken apart; each address has to match.</summary>
    /// <param name="domains">The domains, without <c>@</c>. A subdomain is another domain.</param>
    public static ArgumentRule EmailDomain(params string[] domains) => new(options => options.EmailDomains.UnionWith(domains));

    /// <summary>A host name, or an https or http URL, of exactly these hosts.</summary>
    /// <param name="hosts">The host names.</param>
    public static ArgumentRule Host(params string[] hosts) => new(options => options.Hosts.UnionWith(hosts));

    /// <summary>An absolute path at or below this one, by its text.</summary>
    /// <param name="path">The path, such as <c>/kb/drafts</c>.</param>
    public static ArgumentRule Under(string path) => new(options => options.Under = path);

    /// <summary>A number in a range, the ends included.</summary>
    /// <param name="minimum">The least.</param>
    /// <param name="maximum">The greatest.</param>
    public static ArgumentRule Range(decimal minimum, decimal maximum) => new(options =>
    {
        options.Minimum = minimum;
        options.Maximum = maximum;
    });

    /// <summary>One of these values, exactly.</summary>
    /// <param name="values">The values.</param>
    public static ArgumentRule OneOf(params string[] values) => new(options => options.Values.UnionWith(values));

    /// <summary>A text that matches as a whole, without backtracking.</summary>
    /// <param name="pattern">The regular expression.</param>
    public static ArgumentRule Pattern(string pattern) => new(options => options.Pattern = pattern);

    /// <summary>A text of at most so many characters.</summary>
    /// <param name="maxLength">The length.</param>
    public static ArgumentRule Text(int maxLength) => new(options => options.MaxLength = maxLength);

    internal void Apply(ArgumentOptions options) => _apply(options);
}
