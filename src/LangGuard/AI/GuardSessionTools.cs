using LangGuard.AI;
using LangGuard.AI.Http;
using Microsoft.Extensions.AI;

namespace LangGuard;

/// <summary>Tools for a model.</summary>
public static class GuardSessionTools
{
    extension(GuardSession session)
    {
        /// <summary>The ready-made tools of this session for files, HTTP and databases. Only what the policy can ever allow
        /// is offered; each call is decided on its own, and a denial is an ordinary result that says what is possible.</summary>
        public IReadOnlyList<AIFunction> GetTools()
        {
            ArgumentNullException.ThrowIfNull(session);
            var policy = session.Policy;
            var tools = new List<AIFunction>();
            if (ReachableSurfaces.Http(policy))
            {
                tools.Add(new HttpRequestTool(session));
            }

            return tools;
        }
    }
}
