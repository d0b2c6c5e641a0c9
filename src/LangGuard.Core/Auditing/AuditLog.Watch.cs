using Microsoft.Win32.SafeHandles;

namespace LangGuard.Auditing;

/// <summary>Whether the writer still has its file, its lock and its signatures. The background thread looks at every beat and before it
/// answers for a flush; an operation that is only written ahead does not pay for it.</summary>
internal sealed partial class AuditLog
{
    private readonly AuditReadBack _readBack = new();
    private string _segmentPath = string.Empty;

    /// <summary>What keeps records from being kept at the moment; it may pass.</summary>
    private AuditUnavailableException? _trouble;

    private long? _unsignedSince;

    /// <summary>Null while everything stands. What was changed beneath the writer is never written on again.</summary>
    private AuditUnavailableException? Look(SafeFileHandle segment, string path, int number, long end, ReadOnlySpan<byte> head)
    {
        try
        {
            var problem = AuditFileWatch.Problem(segment, path, end)
                ?? (_readBack.IsWhole(segment, number, end, head) ? null : AuditFileWatch.Cut);
            if (problem is not null)
            {
                return Fail($"The audit file {problem}.");
            }

            if (_folder.Problem() is { } beside)
            {
                return Fail(beside);
            }

            _trouble = _unsignedSince is { } since && _time.GetElapsedTime(since) >= Patience
                ? new AuditUnavailableException("The audit can not be signed.")
                : null;
        }
        catch (ObjectDisposedException)
        {
            // The segment was full: it was looked at before it was closed.
        }
        catch (IOException failure)
        {
            _trouble = new AuditUnavailableException("The audit file can not be looked at.", failure);
        }

        return _trouble;
    }

    private AuditUnavailableException Fail(string problem)
    {
        var fault = new AuditUnavailableException(problem);
        _fault ??= fault;
        return fault;
    }

    /// <summary>Why nothing more is recorded, or null.</summary>
    private AuditUnavailableException? Refusal() => (_closed, Volatile.Read(ref _fault), Volatile.Read(ref _trouble)) switch
    {
        (_, AuditUnavailableException changed, _) => new AuditUnavailableException(changed.Message, changed),
        (_, { } failed, _) => new AuditUnavailableException("The audit file could not be written.", failed),
        (true, _, _) => new AuditUnavailableException("The audit file is closed."),
        (_, _, { } trouble) => new AuditUnavailableException(trouble.Message, trouble),
        _ => null,
    };
}
