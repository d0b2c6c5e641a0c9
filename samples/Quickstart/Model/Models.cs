using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Quickstart.Model;

/// <summary>The model of the sample: scripted by default, or a real one on an OpenAI-compatible server.</summary>
internal static class Models
{
    private static readonly string? Endpoint = Environment.GetEnvironmentVariable("LANGGUARD_CHAT_ENDPOINT");
    private static readonly string? Model = Environment.GetEnvironmentVariable("LANGGUARD_CHAT_MODEL");
    private static readonly string? Key = Environment.GetEnvironmentVariable("LANGGUARD_CHAT_KEY");

    internal static bool IsReal => !string.IsNullOrEmpty(Endpoint) && !string.IsNullOrEmpty(Model) && !string.IsNullOrEmpty(Key);

    internal static IChatClient Create(IEnumerable<Step> script) => IsReal
        ? new OpenAIClient(new ApiKeyCredential(Key!), new OpenAIClientOptions { Endpoint = new Uri(Endpoint!) })
            .GetChatClient(Model).AsIChatClient()
        : new ScriptedModel(script);
}
