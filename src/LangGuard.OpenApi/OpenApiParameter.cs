using System.Text.Json.Nodes;

namespace LangGuard.OpenApi;

/// <summary>One parameter of an operation.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Place"><c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="IsRequired">Whether it has to be there.</param>
/// <param name="Schema">Its schema, references resolved.</param>
/// <param name="Description">What it means.</param>
internal sealed record OpenApiParameter(string Name, string Place, bool IsRequired, JsonObject Schema, string? Description);
