using System.Globalization;
using System.Security.Cryptography;

namespace LangGuard.Http;

/// <summary>A request body that the guard has taken over: what was inspected is what is sent.</summary>
internal sealed class RequestBody
{
    public RequestBody(ReadOnlyMemory<byte> bytes, bool isComplete, string? mediaType)
    {
        Bytes = bytes;
        IsComplete = isComplete;
        MediaType = mediaType;
    }

    /// <summary>The body, or the part of it that was read ahead.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>False for a long stream: more follows than was read ahead.</summary>
    public bool IsComplete { get; }

    /// <summary>The media type without parameters, or null.</summary>
    public string? MediaType { get; }

    /// <summary>For approvals, which are bound to the content.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsComplete ? string.Empty : "at least ")}{Bytes.Length} bytes {Convert.ToHexStringLower(SHA256.HashData(Bytes.Span))}");
}
