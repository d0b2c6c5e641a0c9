using System.Security.Claims;
using ModelContextProtocol.Server;

namespace LangGuard.ModelContextProtocol;

/// <summary>Whose session a request to a server belongs to, and what is served.</summary>
public sealed class McpGuardOptions
{
    /// <summary>On whose behalf a request is; null for nobody, who is denied everything. Default: nobody. Over HTTP, read
    /// <see cref="ClaimsPrincipal"/> from <see cref="MessageContext.User"/>; over stdio, name the one user of the process.
    /// Never read it from the arguments of a call.</summary>
    public Func<MessageContext, Principal?> Principal { get; set; } = _ => null;

    /// <summary>Whether the ready-made tools of the session (files, HTTP, databases) are served besides the server's own.
    /// Default: no.</summary>
    public bool ServeSessionTools { get; set; }
}
