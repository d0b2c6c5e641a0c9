using System.IO.Abstractions;

namespace LangGuard.Files;

/// <summary>The stream as the abstraction knows it. It leads to no platform object and its name is the agent's.</summary>
internal sealed class GuardedFileStream(GuardedStream stream, string name, bool isAsync) : FileSystemStream(stream, name, isAsync)
{
    private readonly GuardedStream _stream = stream;

    public override void Flush(bool flushToDisk)
    {
        base.Flush();
        if (flushToDisk)
        {
            _stream.FlushToDisk();
        }
    }

    public override string? ToString() => nameof(GuardedFileStream);
}
