namespace LangGuard;

/// <summary>The sessions of the request that is running. Set only at a boundary, through a box that is emptied when the
/// request ends, so that work which outlives the request does not carry its rights on.</summary>
internal sealed class AmbientSession : IDisposable
{
    private static readonly AsyncLocal<AmbientSession?> Box = new();
    private readonly AmbientSession? _outer;
    private readonly Lock _lock = new();
    private volatile GuardSession[] _sessions;
    private Func<string, GuardSession>? _resolve;
    private volatile bool _ended;

    private AmbientSession(GuardSession[] sessions, AmbientSession? outer, Func<string, GuardSession>? resolve)
    {
        _resolve = resolve;
        _sessions = sessions;
        _outer = outer;
    }

    /// <summary>The first session of the request, or null.</summary>
    internal static GuardSession? Current => Box.Value?._sessions is [var first, ..] ? first : null;

    /// <summary>Enters a request that already has its session.</summary>
    internal static AmbientSession Enter(GuardSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Enter([session]);
    }

    /// <summary>Enters a request whose sessions come later, by <see cref="Add"/>.</summary>
    /// <param name="resolve">Gives the request's session of an agent.</param>
    internal static AmbientSession Enter(Func<string, GuardSession>? resolve = null) => Enter([], resolve);

    /// <summary>The session of an agent in the running request, or null without a request.</summary>
    internal static GuardSession? For(string agent)
    {
        if (Box.Value is not { } box)
        {
            return null;
        }

        Func<string, GuardSession>? resolve;
        lock (box._lock)
        {
            resolve = box._resolve;
        }

        return resolve is not null
            ? resolve(agent)
            : Array.Find(box._sessions, session => string.Equals(session.Agent, agent, StringComparison.Ordinal));
    }

    /// <summary>Whether a session may act here: it is one of the request's sessions or a descendant of one. In a request that has opened
    /// none yet, or that is nobody's, a session of another request may not.</summary>
    internal static bool Admits(GuardSession session)
    {
        if (Box.Value is not { } box)
        {
            return true;
        }

        if (box._sessions is not { Length: > 0 } sessions)
        {
            // Tools that somebody keeps from one request and hands to the next still are the first user's.
            return box._ended || session.Request is not { } request || box.IsWithin(request);
        }

        foreach (var ambient in sessions)
        {
            if (session.IsSameOrDescendantOf(ambient))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds the session of another agent in the same request.</summary>
    internal void Add(GuardSession session)
    {
        lock (_lock)
        {
            session.Request = this;
            if (!_ended)
            {
                _sessions = [.. _sessions, session];
            }
        }
    }

    /// <summary>Empties the box, also for everybody who still carries it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            _resolve = null;
            _sessions = [];
        }

        if (ReferenceEquals(Box.Value, this))
        {
            Box.Value = _outer;
        }
    }

    private bool IsWithin(AmbientSession request)
    {
        for (var box = this; box is not null; box = box._outer)
        {
            if (ReferenceEquals(box, request))
            {
                return true;
            }
        }

        return false;
    }

    private static AmbientSession Enter(GuardSession[] sessions, Func<string, GuardSession>? resolve = null)
    {
        var box = new AmbientSession(sessions, Box.Value, resolve);
        Box.Value = box;
        return box;
    }
}
