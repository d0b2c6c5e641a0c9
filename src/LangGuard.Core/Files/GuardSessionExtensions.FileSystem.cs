using LangGuard.Files;
using LangGuard.Journaling;
using LangGuard.Permissions;

namespace LangGuard;

/// <content>The file system of a session.</content>
public static partial class GuardSessionExtensions
{
    extension(GuardSession session)
    {
        /// <summary>The guarded file system of this session. It ends with the session.</summary>
        public GuardedFileSystem FileSystem
        {
            get
            {
                ArgumentNullException.ThrowIfNull(session);
                return session.Resource("files", static owner => CreateFileSystem(owner));
            }
        }
    }

    private static GuardedFileSystem CreateFileSystem(GuardSession session)
    {
        IEnumerable<FileRoot> roots = session.Policy.Options.LimitPermissions.Files
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => entry.Value.Opened)
            .OfType<FileRoot>();
        FileChanges changes = JournalStore.Of(session.Policy) is { } journal
            ? new JournaledFileChanges(session, journal)
            : new FileChanges();
        return new GuardedFileSystem(session, roots, changes);
    }
}
