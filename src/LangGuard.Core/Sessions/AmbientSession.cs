namespace LangGuard;

/// <summary>The session of the request that is running. Set only at a boundary, through a box that is emptied when the
/// request ends, so that work which outlives the request does not carry its rights on.</summary>
internal sealed class AmbientSession : IDisposable
{
    private static readonly AsyncLocal<AmbientSession?> Box = new();
    private readonly AmbientSession? _outer;
    private volatile GuardSession? _session;

    private AmbientSession(GuardSession session, AmbientSession? outer)
    {
        _session = session;
        _outer = outer;
    }

    internal static GuardSession? Current => Box.Value?._session;

    internal static AmbientSession Enter(GuardSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var box = new AmbientSession(session, Box.Value);
        Box.Value = box;
        return box;
    }

    /// <summary>Empties the box, also for everybody who still carries it.</summary>
    public void Dispose()
    {
        _session = null;
        if (ReferenceEquals(Box.Value, this))
        {
            Box.Value = _outer;
        }
    }
}
