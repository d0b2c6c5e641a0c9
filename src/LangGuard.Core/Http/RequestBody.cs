using System.Globalization;
using System.Security.Cryptography;

namespace LangGuard.Http;

/// <summary>A request body that the guard has taken over: what was inspected is what is sent.</summary>
internal sealed class RequestBody
{
    public RequestBody(ReadOnlyMemory<byte> bytes, bool isComplete, string? contentType)
    {
        Bytes = bytes;
        IsComplete = isComplete;
        ContentType = contentType;
        var parameters = contentType?.IndexOf(';', StringComparison.Ordinal) ?? -1;
        MediaType = (parameters < 0 ? contentType : contentType![..parameters])?.Trim();
    }

    /// <summary>The body, or the part of it that was read ahead.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>False for a long stream: more follows than was read ahead.</summary>
    public bool IsComplete { get; }

    /// <summary>The stated type with its parameters; several values are joined. Null when none is stated.</summary>
    public string? ContentType { get; }

    /// <summary>The content headers as they were checked; the caller's own could change meanwhile.</summary>
    public System.Net.Http.Headers.HttpContentHeaders? Headers { get; init; }

    /// <summary>Whether the bytes are compressed or encoded once more.</summary>
    public bool IsEncoded { get; init; }

    /// <summary>The media type without parameters, or null.</summary>
    public string? MediaType { get; }

    /// <summary>For approvals, which are bound to the content.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsComplete ? string.Empty : "at least ")}{Bytes.Length} bytes {Convert.ToHexStringLower(SHA256.HashData(Bytes.Span))}");
}
