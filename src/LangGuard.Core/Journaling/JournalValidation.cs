using LangGuard.Permissions;

namespace LangGuard.Journaling;

/// <summary>Checks the journal of a policy when the policy is built, and brings to an end what a crash cut off.</summary>
internal static class JournalValidation
{
    private const string Path = "DefendInDepth:Journal";

    /// <summary>Keeps the journal's folder out of every root. Called before the roots are compiled.</summary>
    internal static void Protect(PolicyBuilder builder)
    {
        var directory = builder.Options.DefendInDepth.Journal.Directory;
        if (directory is not null && System.IO.Path.IsPathFullyQualified(directory))
        {
            builder.Collect<ProtectedPaths>().Add(directory);
        }
    }

    internal static void Validate(JournalOptions options, PolicyDependencies dependencies, PolicyErrors errors)
    {
        if (options.Directory is null)
        {
            return;
        }

        if (options.MaxBytes <= 0 || options.MaxCopyBytes < 0 || options.MaxAge <= TimeSpan.Zero)
        {
            errors.Add(Path, null, "A limit of the journal is not positive.", "Use a positive size and age.");
        }
        else if (errors.All.Count == 0)
        {
            try
            {
                JournalStore.Open(options, dependencies.TimeProvider);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                errors.Add($"{Path}:Directory", options.Directory, exception.Message, "Name a directory that only this host uses.");
            }
        }
    }

    internal static void Recover(Policy policy)
    {
        if (JournalStore.Of(policy) is { } store)
        {
            new JournalRecovery(store, new JournalRoots(policy)).Run();
        }
    }
}
