using LangGuard.Misuse;
using LangGuard.Sqlite;

namespace LangGuard.Tests.Misuse.Approval;

/// <summary>Every store, under the same tests.</summary>
internal static class ApprovalStores
{
    public static TheoryData<string> All => new() { "memory", "sqlite" };

    internal static MadeStore Make(string name)
    {
        if (name == "memory")
        {
            return new MadeStore(new InMemoryApprovalStore(), null);
        }

        var folder = Directory.CreateTempSubdirectory("approvals").FullName;
        return new MadeStore(new SqliteApprovalStore(Path.Combine(folder, "approvals.db")), folder);
    }

    internal sealed class MadeStore(IApprovalStore store, string? folder) : IAsyncDisposable
    {
        internal IApprovalStore Store { get; } = store;

        public ValueTask DisposeAsync()
        {
            (Store as IDisposable)?.Dispose();
            if (folder is not null)
            {
                Directory.Delete(folder, recursive: true);
            }

            return ValueTask.CompletedTask;
        }
    }
}
