namespace LangGuard.Permissions;

/// <summary>What one argument has to be. Everything that is set has to hold; a missing argument never passes.</summary>
internal sealed class ArgumentOptions
{
    /// <summary>E-mail addresses of these domains only. Lists are taken apart, and each address has to match.</summary>
    public ISet<string> EmailDomains { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Host names, or https and http URLs to these hosts, exactly.</summary>
    public ISet<string> Hosts { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>An absolute path at or below this one, such as <c>/kb/drafts</c>. By its text alone: the function itself has to
    /// open it through a guard.</summary>
    public string? Under { get; set; }

    /// <summary>The least number.</summary>
    public decimal? Minimum { get; set; }

    /// <summary>The greatest number.</summary>
    public decimal? Maximum { get; set; }

    /// <summary>One of these values, exactly.</summary>
    public ISet<string> Values { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>A text that matches as a whole. No backtracking: look-around and back references are refused.</summary>
    public string? Pattern { get; set; }

    /// <summary>The greatest length of a text, in characters.</summary>
    public int? MaxLength { get; set; }
}
