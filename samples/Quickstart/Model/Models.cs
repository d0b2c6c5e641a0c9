using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Quickstart.Model;

/// <summary>The model of the sample: scripted by default, or a real one on an OpenAI-compatible server.</summary>
internal static class Models
{
    internal static IChatClient Create(IEnumerable<Step> script)
    {
        var endpoint = Environment.GetEnvironmentVariable("LANGGUARD_CHAT_ENDPOINT");
        var model = Environment.GetEnvironmentVariable("LANGGUARD_CHAT_MODEL");
        var key = Environment.GetEnvironmentVariable("LANGGUARD_CHAT_KEY");
        if (string.IsNullOrEmpty(endpoint) || string.IsNullOrEmpty(model) || string.IsNullOrEmpty(key))
        {
            return new ScriptedModel(script);
        }

        return new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(endpoint) })
            .GetChatClient(model).AsIChatClient();
    }
}
