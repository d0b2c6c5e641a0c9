using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LangGuard.AI;

/// <summary>Every client in a pipeline that invokes functions: one behind another has tools of its own.</summary>
internal static class InvokingClients
{
    private const int MostClients = 64;

    internal static IReadOnlyList<FunctionInvokingChatClient> In(IChatClient client)
    {
        var found = new List<FunctionInvokingChatClient>();
        for (var i = 0; i < MostClients && client is not null; i++)
        {
            if (client is FunctionInvokingChatClient invoker)
            {
                found.Add(invoker);
            }

            if (client is DelegatingChatClient delegating)
            {
                client = InnerOf(delegating);
                continue;
            }

            // A client of another kind tells of the next one, if at all.
            if (client.GetService<FunctionInvokingChatClient>() is not { } next || found.Contains(next))
            {
                break;
            }

            client = next;
        }

        return found;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerClient")]
    private static extern IChatClient InnerOf(DelegatingChatClient client);
}
