using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace LangGuard.OpenApi;

/// <summary>Reads a pinned document, once, when the policy is built.</summary>
internal static class OpenApiFile
{
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The document in its newest form, with every local reference left in place; null when it has errors.</summary>
    public static JsonObject? Read(string path, string sha256, OpenApiErrors errors)
    {
        byte[] bytes;
        try
        {
#pragma warning disable RS0030 // A file of the host, named in its own code and pinned by its hash.
            bytes = File.ReadAllBytes(path);
#pragma warning restore RS0030
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            errors.Add("File", "The document can not be read.", "Name a file that exists and that the host may read.");
            return null;
        }

        var actual = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (bytes.Length > MaxBytes || !actual.Equals(sha256, StringComparison.OrdinalIgnoreCase))
        {
            errors.Add("Sha256", $"The document is not the pinned one; its SHA-256 is {actual}.",
                "Review what changed in the document, then state the new hash.");
            return null;
        }

        return HasOnlyLocalReferences(bytes, errors) ? Parse(bytes, errors) : null;
    }

    /// <summary>Also finds references in places that a reader would skip.</summary>
    private static bool HasOnlyLocalReferences(byte[] bytes, OpenApiErrors errors)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName
                    || !(reader.ValueTextEquals("$ref"u8) || reader.ValueTextEquals("$dynamicRef"u8) || reader.ValueTextEquals("operationRef"u8)))
                {
                    continue;
                }

                reader.Read();
                if (reader.TokenType == JsonTokenType.String && !reader.GetString()!.StartsWith("#/", StringComparison.Ordinal))
                {
                    errors.Add("File", "The document refers to another document.", "Bundle the documents into one file.");
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            errors.Add("File", "The document is not well-formed JSON.", "Convert YAML to JSON, and pin that file.");
            return false;
        }
    }

    private static JsonObject? Parse(byte[] bytes, OpenApiErrors errors)
    {
        using var stream = new MemoryStream(bytes);
        var settings = new OpenApiReaderSettings { LoadExternalRefs = false };
        var result = OpenApiDocument.Load(stream, OpenApiConstants.Json, settings);
        foreach (var error in result.Diagnostic?.Errors ?? [])
        {
            errors.Add("File", $"{error.Pointer}: {error.Message}", "Correct the document.");
        }

        if (result.Document is null || result.Diagnostic?.Errors.Count > 0)
        {
            errors.Add("File", "The document is not a valid OpenAPI document.", "Correct the document.");
            return null;
        }

        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        result.Document.SerializeAsV31(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return JsonNode.Parse(text.ToString(), null, new JsonDocumentOptions { MaxDepth = 64 }) as JsonObject;
    }
}
