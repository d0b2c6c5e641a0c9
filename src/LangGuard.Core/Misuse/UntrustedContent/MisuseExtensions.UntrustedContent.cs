using LangGuard.Misuse;

namespace LangGuard;

/// <content>Sets the tracking of untrusted content, and endorses what a person vouches for.</content>
public static partial class MisuseExtensions
{
    /// <summary>Once untrusted content is in a session, operations that send or destroy ask, unless the user named their target.
    /// On by default; this adds to it.</summary>
    public static MisuseBuilder TrackUntrustedContent(this MisuseBuilder misuse, Action<UntrustedContentBuilder>? content = null)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        content?.Invoke(new UntrustedContentBuilder(misuse.Options.TrackUntrustedContent));
        return misuse;
    }

    /// <summary>Lets untrusted content steer operations that send or destroy.</summary>
    public static MisuseBuilder UnguardedUntrustedContent(this MisuseBuilder misuse)
    {
        ArgumentNullException.ThrowIfNull(misuse);
        misuse.Options.TrackUntrustedContent.Unguarded = true;
        return misuse;
    }

    /// <summary>Vouches for one value in this session, as if the user had named it: what a person says when asked. A host call.</summary>
    public static void EndorseValue(this GuardSession session, string value)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        session.State<Provenance>().AddUserValue(value);
    }

    /// <summary>Vouches for one source in this session: what it returns from now on is trusted. A host call.</summary>
    /// <param name="session">The session.</param>
    /// <param name="source">A file as <c>/root/path</c>, a URL without query, a function or a database by name.</param>
    public static void EndorseSource(this GuardSession session, string source)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        session.State<Provenance>().AddSource(source);
    }
}
