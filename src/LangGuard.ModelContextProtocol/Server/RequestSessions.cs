using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol.Server;

namespace LangGuard.ModelContextProtocol.Server;

/// <summary>Finds the session of a request. One conversation for each user and session of the protocol; where the transport
/// has no sessions, one for each user, so that labels and quotas are not lost from call to call.</summary>
internal sealed class RequestSessions(IGuardSessionFactory factory, string agent, McpGuardOptions options)
{
    internal bool ServesSessionTools => options.ServeSessionTools;

    internal RequestSession Enter(MessageContext context)
    {
        if (options.Principal(context) is not { } principal)
        {
            return new RequestSession(null, Reasons.SessionMissing);
        }

        try
        {
            // What the client's model has read elsewhere is not known here, so a new conversation starts untrusted.
            return new RequestSession(factory.Resume(principal, ConversationOf(context.Server.SessionId, principal), agent), Reasons.SessionMissing);
        }
        catch (AccessDeniedException denied)
        {
            return new RequestSession(null, denied.Decision.Reason ?? Reasons.SessionMissing);
        }
    }

    internal static string ConversationOf(string? sessionId, Principal principal)
    {
        // Lengths keep tenant and id apart.
        var text = sessionId ?? $"{principal.Tenant?.Length ?? -1}:{principal.Tenant}{principal.Id}";
        return (sessionId is null ? "mcp-user:" : "mcp:") + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
