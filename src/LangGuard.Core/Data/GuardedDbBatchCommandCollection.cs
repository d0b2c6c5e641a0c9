using System.Data.Common;

namespace LangGuard.Data;

/// <summary>The statements of a guarded batch.</summary>
internal sealed class GuardedDbBatchCommandCollection : DbBatchCommandCollection
{
    private readonly List<GuardedDbBatchCommand> _commands = [];

    public override int Count => _commands.Count;

    public override bool IsReadOnly => false;

    public override void Add(DbBatchCommand item) => _commands.Add(Own(item));

    public override void Clear() => _commands.Clear();

    public override bool Contains(DbBatchCommand item) => item is GuardedDbBatchCommand own && _commands.Contains(own);

    public override void CopyTo(DbBatchCommand[] array, int arrayIndex)
    {
        foreach (var command in _commands)
        {
            array[arrayIndex++] = command;
        }
    }

    public override IEnumerator<DbBatchCommand> GetEnumerator() => _commands.GetEnumerator();

    public override int IndexOf(DbBatchCommand item) => item is GuardedDbBatchCommand own ? _commands.IndexOf(own) : -1;

    public override void Insert(int index, DbBatchCommand item) => _commands.Insert(index, Own(item));

    public override bool Remove(DbBatchCommand item) => item is GuardedDbBatchCommand own && _commands.Remove(own);

    public override void RemoveAt(int index) => _commands.RemoveAt(index);

    internal GuardedDbBatchCommand[] Snapshot() => [.. _commands];

    protected override DbBatchCommand GetBatchCommand(int index) => _commands[index];

    protected override void SetBatchCommand(int index, DbBatchCommand batchCommand) => _commands[index] = Own(batchCommand);

    private static GuardedDbBatchCommand Own(DbBatchCommand command) => command as GuardedDbBatchCommand
        ?? throw new InvalidCastException("The command was made by another provider. Use batch.CreateBatchCommand().");
}
