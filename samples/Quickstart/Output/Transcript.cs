using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Quickstart.Output;

/// <summary>Everything that a conversation told the model, as text.</summary>
internal static class Transcript
{
    internal static string Of(IEnumerable<ChatMessage> messages)
    {
        var text = new StringBuilder();
        foreach (var content in messages.SelectMany(message => message.Contents))
        {
            text.AppendLine(content switch
            {
                FunctionResultContent result => result.Result is JsonElement json ? json.GetRawText() : result.Result?.ToString(),
                TextContent said => said.Text,
                _ => null,
            });
        }

        return text.ToString();
    }
}
