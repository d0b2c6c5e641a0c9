using System.Text.Json;

namespace LangGuard.OpenApi;

/// <summary>One granted operation of an OpenAPI document: what a tool may show to a model, and the request that a call
/// means. Immutable.</summary>
public sealed class OpenApiOperation
{
    private readonly OpenApiRequestTemplate _template;

    internal OpenApiOperation(
        string document, string id, string method, string path, string description, JsonElement parameters,
        OpenApiRequestTemplate template)
    {
        Document = document;
        Id = id;
        Method = method;
        Path = path;
        Description = description;
        Parameters = parameters;
        _template = template;
    }

    /// <summary>The name of the document in the policy.</summary>
    public string Document { get; }

    /// <summary>The operation id.</summary>
    public string Id { get; }

    /// <summary>The upper-case method.</summary>
    public string Method { get; }

    /// <summary>The path template, such as <c>/pets/{petId}</c>.</summary>
    public string Path { get; }

    /// <summary>Summary and description of the document. Written by whoever wrote the document.</summary>
    public string Description { get; }

    /// <summary>A JSON schema of the arguments: one property for each path, query and header parameter, and <c>body</c> for
    /// the request body.</summary>
    public JsonElement Parameters { get; }

    /// <summary>The request that a call with these arguments means. It still has to be sent through the guard, which
    /// decides.</summary>
    /// <param name="arguments">An object as described by <see cref="Parameters"/>.</param>
    /// <exception cref="ArgumentException">An argument is unknown or missing, or has no form in a request.</exception>
    public HttpRequestMessage CreateRequest(JsonElement arguments) => _template.Create(arguments);
}
