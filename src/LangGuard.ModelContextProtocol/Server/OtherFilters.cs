using System.Text.Json;
using LangGuard.AI;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LangGuard.ModelContextProtocol.Server;

/// <summary>Resources, prompts and completions of a server. Lists show what could be read; a read is decided with its
/// arguments. With nothing granted there is nothing.</summary>
internal sealed class OtherFilters(RequestSessions sessions)
{
    internal void AddTo(McpRequestFilters filters)
    {
        filters.ListResourcesFilters.Insert(0, next => async (request, token) =>
        {
            using var entered = sessions.Enter(request);
            var all = await next(request, token).ConfigureAwait(false);
            return new ListResourcesResult
            {
                Resources = [.. all.Resources.Where(resource => GuardedRequest.CouldRun(entered.Session, GuardedRequest.ReadResource, Uri(resource.Uri)))],
                NextCursor = all.NextCursor, Meta = all.Meta, CacheScope = CacheScope.Private, TimeToLive = TimeSpan.Zero,
            };
        });
        filters.ListResourceTemplatesFilters.Insert(0, next => async (request, token) =>
        {
            using var entered = sessions.Enter(request);
            var all = await next(request, token).ConfigureAwait(false);
            var granted = entered.Session is { } session && FunctionReach.IsGranted(session.Policy, GuardedRequest.ReadResource);
            return new ListResourceTemplatesResult
            {
                ResourceTemplates = granted ? all.ResourceTemplates : [],
                NextCursor = all.NextCursor, Meta = all.Meta, CacheScope = CacheScope.Private, TimeToLive = TimeSpan.Zero,
            };
        });
        filters.ListPromptsFilters.Insert(0, next => async (request, token) =>
        {
            using var entered = sessions.Enter(request);
            var all = await next(request, token).ConfigureAwait(false);
            return new ListPromptsResult
            {
                Prompts = [.. all.Prompts.Where(prompt => GuardedRequest.CouldRun(
                    entered.Session, GuardedRequest.GetPrompt, GuardedRequest.Arguments(writer => writer.WriteString("name", prompt.Name))))],
                NextCursor = all.NextCursor, Meta = all.Meta, CacheScope = CacheScope.Private, TimeToLive = TimeSpan.Zero,
            };
        });
        filters.ReadResourceFilters.Add(next => (request, token) => ReadAsync(request, next, token));
        filters.SubscribeToResourcesFilters.Add(next => async (request, token) =>
        {
            using var entered = sessions.Enter(request);
            return await GuardedRequest.RunAsync(
                entered, GuardedRequest.ReadResource, Uri(request.Params?.Uri), () => next(request, token), token).ConfigureAwait(false);
        });
        filters.GetPromptFilters.Add(next => async (request, token) =>
        {
            using var entered = sessions.Enter(request);
            return await GuardedRequest.RunAsync(entered, GuardedRequest.GetPrompt, Prompt(request.Params), () => next(request, token), token)
                .ConfigureAwait(false);
        });
        filters.CompleteFilters.Add(next => async (request, token) =>
        {
            using var entered = sessions.Enter(request);
            return await GuardedRequest.RunAsync(entered, GuardedRequest.Complete, Completion(request.Params), () => next(request, token), token)
                .ConfigureAwait(false);
        });
    }

    private async ValueTask<ReadResourceResult> ReadAsync(
        RequestContext<ReadResourceRequestParams> request,
        McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> next,
        CancellationToken cancellationToken)
    {
        using var entered = sessions.Enter(request);
        ResourceContents?[] bytes = [];
        var result = await GuardedRequest.RunAsync(
            entered, GuardedRequest.ReadResource, Uri(request.Params?.Uri),
            async () =>
            {
                var read = await next(request, cancellationToken).ConfigureAwait(false);
                bytes = [.. read.Contents.Select(contents => contents as BlobResourceContents)];
                // Bytes are no text: cleaned or cut as such they would be destroyed.
                read.Contents = [.. read.Contents.Select((contents, index) =>
                    bytes[index] is null ? contents : new TextResourceContents { Uri = "", Text = "" })];
                return read;
            },
            cancellationToken).ConfigureAwait(false);
        result.Contents = [.. result.Contents.Select((contents, index) => bytes[index] ?? contents)];
        result.CacheScope = CacheScope.Private;
        return result;
    }

    private static JsonElement Uri(string? uri) => GuardedRequest.Arguments(writer => writer.WriteString("uri", uri));

    private static JsonElement Prompt(GetPromptRequestParams? prompt) => GuardedRequest.Arguments(writer =>
    {
        writer.WriteString("name", prompt?.Name);
        if (prompt?.Arguments is not { Count: > 0 } arguments)
        {
            return;
        }

        writer.WriteStartObject("arguments");
        foreach (var (name, value) in arguments)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    });

    private static JsonElement Completion(CompleteRequestParams? completion) => GuardedRequest.Arguments(writer =>
    {
        writer.WriteString("ref", completion?.Ref switch
        {
            PromptReference prompt => prompt.Name,
            ResourceTemplateReference template => template.Uri,
            _ => null,
        });
        writer.WriteString("argument", completion?.Argument?.Name);
        writer.WriteString("value", completion?.Argument?.Value);
    });
}
