using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LangGuard.Http;

/// <summary>Reads the JSON around a GraphQL document, and judges both.</summary>
internal static class GraphQlRequestReader
{
    private static readonly JsonSchemaNode Envelope = JsonSchema.TryParse(
        """
        {
          "type": "object",
          "properties": {
            "query": { "type": ["string", "null"] },
            "operationName": { "type": ["string", "null"], "maxLength": 256 },
            "variables": { "type": ["object", "null"], "additionalProperties": true },
            "documentId": { "type": "string", "maxLength": 128 },
            "extensions": {
              "type": ["object", "null"],
              "properties": {
                "persistedQuery": {
                  "type": "object",
                  "properties": {
                    "version": { "const": 1 },
                    "sha256Hash": { "type": "string", "maxLength": 128 }
                  },
                  "required": ["version", "sha256Hash"]
                }
              }
            }
          }
        }
        """,
        [])!.Root;

    /// <summary>Null when the request is granted.</summary>
    public static Reason? Check(GraphQlRule rule, ReadOnlySpan<byte> body)
    {
        if (JsonBodyValidator.Validate(body, Envelope) is { } problem)
        {
            return ReferenceEquals(problem, BodyReasons.DuplicateKey) ? problem : GraphQlReasons.Request;
        }

        // The body has been found to be this shape, without duplicates, so that a plain reading of it is the only one.
        string? query = null;
        string? operationName = null;
        var hashes = new List<string>();
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var key = reader.CurrentDepth == 1 || reader.ValueTextEquals("sha256Hash"u8) ? reader.GetString() : null;
            if (reader.CurrentDepth == 1 && key == "variables")
            {
                reader.Skip();
            }
            else if (key is "query" or "operationName" or "documentId" or "sha256Hash")
            {
                reader.Read();
                var text = reader.GetString();
                if (key == "query")
                {
                    query = text;
                }
                else if (key == "operationName")
                {
                    operationName = text;
                }
                else if (text is not null)
                {
                    hashes.Add(text);
                }
            }
        }

        if (hashes.Count > 1 || !hashes.TrueForAll(rule.PersistedHashes.Contains))
        {
            return GraphQlReasons.Persisted;
        }

        if (query is null)
        {
            return hashes.Count == 1 ? null : GraphQlReasons.Request;
        }

        // A document sent with a hash is stored under it: it has to be the document that the hash names.
        if (hashes.Count == 1 && hashes[0] != Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query))))
        {
            return GraphQlReasons.Persisted;
        }

        return GraphQlAnalysis.Check(rule, query, operationName);
    }
}
