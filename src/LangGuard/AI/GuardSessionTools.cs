using LangGuard.AI;
using LangGuard.AI.Database;
using LangGuard.AI.Files;
using LangGuard.AI.Http;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;

namespace LangGuard;

/// <summary>Tools for a model.</summary>
public static class GuardSessionTools
{
    extension(GuardSession session)
    {
        /// <summary>The ready-made tools of this session for files, HTTP and databases. Only what the policy can ever allow
        /// is offered; each call is decided on its own, and a denial is an ordinary result that says what is possible.</summary>
        public IReadOnlyList<AIFunction> GetTools()
        {
            ArgumentNullException.ThrowIfNull(session);
            var policy = session.Policy;
            var tools = new List<AIFunction>();
            AddFileTools(tools, session, ReachableSurfaces.Files(policy));
            if (ReachableSurfaces.Http(policy))
            {
                tools.Add(new HttpRequestTool(session));
            }

            AddDatabaseTools(tools, session);

            return tools;
        }

        /// <summary>Puts a function under the policy of this session. Only granted functions run, with arguments that pass; the
        /// function can not be reached through the guard. A guarded function stays as it is.</summary>
        /// <param name="function">The function, such as one of <c>AIFunctionFactory</c> or of an MCP client.</param>
        public AIFunction Guard(AIFunction function)
        {
            ArgumentNullException.ThrowIfNull(session);
            ArgumentNullException.ThrowIfNull(function);
            return function is IGuardedFunction
                ? function
                : ApprovalMarker.Merge(function, session) ?? new GuardedFunction(function, session);
        }
    }

    private static void AddDatabaseTools(List<AIFunction> tools, GuardSession session)
    {
        var databases = ReachableSurfaces.Databases(session.Policy, DatabasePermissions.Select);
        if (databases.Count > 0)
        {
            tools.Add(new DatabaseSchemaTool(session, databases));
            tools.Add(new DatabaseQueryTool(session, databases));
        }

        const DatabasePermissions changes =
            DatabasePermissions.Insert | DatabasePermissions.Update | DatabasePermissions.Delete;
        var changed = ReachableSurfaces.Databases(session.Policy, changes);
        if (changed.Count > 0)
        {
            tools.Add(new DatabaseExecuteTool(session, changed));
            tools.Add(new PreviewWriteTool(session, changed));
            tools.Add(new CommitWriteTool(session, changed));
        }

        var migrated = ReachableSurfaces.Migrations(session.Policy);
        if (migrated.Count > 0)
        {
            tools.Add(new MigrateTool(session, migrated));
        }
    }

    private static void AddFileTools(List<AIFunction> tools, GuardSession session, FilePermissions verbs)
    {
        if (verbs == FilePermissions.None)
        {
            return;
        }

        var files = session.FileSystem;
        if (verbs.HasFlag(FilePermissions.List))
        {
            tools.Add(new ListFilesTool(session, files));
        }

        if (verbs.HasFlag(FilePermissions.Read))
        {
            tools.Add(new ReadFileTool(session, files));
        }

        if (verbs.HasFlag(FilePermissions.Read | FilePermissions.List))
        {
            tools.Add(new SearchFilesTool(session, files));
        }

        if (verbs.HasFlag(FilePermissions.Create) || verbs.HasFlag(FilePermissions.Modify))
        {
            tools.Add(new WriteFileTool(session, files));
        }

        if (verbs.HasFlag(FilePermissions.Read | FilePermissions.Modify))
        {
            tools.Add(new EditFileTool(session, files));
        }

        if (verbs.HasFlag(FilePermissions.Delete))
        {
            tools.Add(new DeleteFileTool(session, files));
        }

        // To move away deletes the old name and creates the new one.
        if (verbs.HasFlag(FilePermissions.Delete | FilePermissions.Create))
        {
            tools.Add(new MoveFileTool(session, files));
        }
    }
}
