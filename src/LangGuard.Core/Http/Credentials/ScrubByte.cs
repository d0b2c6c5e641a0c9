namespace LangGuard.Http;

/// <summary>A byte after decoding, and the part of the stream that it was written with.</summary>
/// <param name="Value">The byte.</param>
/// <param name="Start">The position of the first byte of its encoding.</param>
/// <param name="End">The position after the last one.</param>
internal readonly record struct ScrubByte(byte Value, long Start, long End);
