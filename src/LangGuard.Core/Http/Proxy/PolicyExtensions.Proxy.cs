using LangGuard.Http;

namespace LangGuard;

/// <content>The second wall of HTTP in another process.</content>
public static partial class PolicyExtensions
{
    /// <summary>Writes the <c>acl</c> and <c>http_access</c> lines of a squid.conf. What no rule grants is denied, and so is
    /// every destination whose resolved address is not public, unless the rule opens its network.</summary>
    /// <remarks>For https the proxy sees host and port only: methods, paths, queries and bodies are judged by the guard.
    /// The lines come before any other <c>http_access</c> line of the file. Squid 5 or newer.</remarks>
    public static string ExportSquidAcl(this Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return SquidAcl.Write(policy);
    }
}
