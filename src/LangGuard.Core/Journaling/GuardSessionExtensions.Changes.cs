using LangGuard.Journaling;

namespace LangGuard;

/// <content>The changes of a session.</content>
public static partial class GuardSessionExtensions
{
    extension(GuardSession session)
    {
        /// <summary>The changes that this session has made to files, and the way back. For the host, not for the agent.</summary>
        /// <exception cref="InvalidOperationException">The policy keeps no journal.</exception>
        public SessionChanges Changes
        {
            get
            {
                ArgumentNullException.ThrowIfNull(session);
                var store = JournalStore.Of(session.Policy)
                    ?? throw new InvalidOperationException(
                        "The policy keeps no journal. Add DefendInDepth(defense => defense.KeepJournal(\"/var/lib/...\")).");
                return new SessionChanges(session, store);
            }
        }
    }
}
