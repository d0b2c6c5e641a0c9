using LangGuard.AI;
using LangGuard.ModelContextProtocol.Client;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;

namespace LangGuard;

/// <summary>Tools of other servers for a model.</summary>
public static class GuardSessionMcpTools
{
    extension(GuardSession session)
    {
        /// <summary>The tools of a server that this session may call, each under its guard. A tool is called
        /// <c>server__tool</c>, in the policy and by the model, so that no server can pass its tool off as another's. Tools that
        /// are not granted, have changed since they were first seen, or can be taken for another one are left out.</summary>
        /// <remarks>What a tool says of itself, such as that it only reads, counts for nothing; effects come from the policy.
        /// Listing again closes the guards of tools that have changed or gone.</remarks>
        /// <param name="client">The connection to the server.</param>
        /// <param name="server">The host's name for the server: ASCII letters, digits and hyphens.</param>
        /// <param name="cancellationToken">Cancels the listing.</param>
        public async Task<IReadOnlyList<AIFunction>> GuardToolsAsync(
            McpClient client, string server, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(session);
            ArgumentNullException.ThrowIfNull(client);
            ArgumentException.ThrowIfNullOrWhiteSpace(server);
            if (!server.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'))
            {
                // An underscore would blur where the name of the server ends.
                throw new ArgumentException("The name of a server has ASCII letters, digits and hyphens.", nameof(server));
            }

            var listed = await client.ListToolsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            // Of two with one name it would be chance which one is called.
            var tools = listed.GroupBy(tool => tool.ProtocolTool.Name, StringComparer.Ordinal)
                .Where(group => group.Count() == 1)
                .Select(group => (Tool: group.Single().WithName($"{server}__{group.Key}"), FunctionIdentity.Of(group.Single()).Pin.Hash))
                .ToList();
            var known = KnownTools.Of(client);
            known.Replace(tools.Select(tool => KeyValuePair.Create(tool.Tool.ProtocolTool.Name, tool.Hash)));
            return [.. tools
                .Where(tool => FunctionReach.Objection(session, tool.Tool.Name, FunctionIdentity.Of(tool.Tool).Pin) is null)
                .Select(tool => session.Guard(new ClientTool(tool.Tool, tool.Hash, known)))];
        }
    }
}
