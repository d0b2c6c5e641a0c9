using System.Text;
using LangGuard.Files;

namespace LangGuard.Journaling;

/// <summary>Records as bytes. The first byte of a record is its step, the next eight its number.</summary>
internal static class JournalCodec
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    internal static void WriteBegin(BinaryWriter writer, JournalEntry entry)
    {
        writer.Write((byte)JournalStep.Begin);
        writer.Write(entry.Number);
        writer.Write((byte)entry.Kind);
        writer.Write((byte)entry.PreImage);
        writer.Write(entry.TimeTicks);
        writer.Write(entry.Session);
        writer.Write(entry.Anchor);
        writer.Write(entry.Root);
        writer.Write(entry.Name);
        writer.Write(entry.NewAnchor);
        writer.Write(entry.NewRoot);
        writer.Write(entry.NewName);
        Write(writer, entry.Before);
        Write(writer, entry.Replaced);
        Write(writer, entry.Prepared);
        Write(writer, entry.After);
        writer.Write((byte)entry.State);
    }

    internal static void WriteStep(BinaryWriter writer, JournalStep step, JournalEntry entry)
    {
        writer.Write((byte)step);
        writer.Write(entry.Number);
        writer.Write((byte)entry.State);
        Write(writer, entry.After);
    }

    /// <summary>Reads one record: a new entry for a begin, or the step and its values.</summary>
    internal static JournalStep Read(
        byte[] record, out JournalEntry? begun, out long number, out ChangeState state, out FileState after)
    {
        using var reader = new BinaryReader(new MemoryStream(record), Strict);
        var step = (JournalStep)reader.ReadByte();
        number = reader.ReadInt64();
        begun = null;
        if (step != JournalStep.Begin)
        {
            state = (ChangeState)reader.ReadByte();
            after = ReadState(reader);
            return step;
        }

        var kind = (FileChangeKind)reader.ReadByte();
        var preImage = (PreImage)reader.ReadByte();
        begun = new JournalEntry
        {
            Number = number,
            Kind = kind,
            PreImage = preImage,
            TimeTicks = reader.ReadInt64(),
            Session = reader.ReadString(),
            Anchor = reader.ReadString(),
            Root = reader.ReadString(),
            Name = reader.ReadString(),
            NewAnchor = reader.ReadString(),
            NewRoot = reader.ReadString(),
            NewName = reader.ReadString(),
            Before = ReadState(reader),
            Replaced = ReadState(reader),
            Prepared = ReadIdentity(reader),
            After = ReadState(reader),
            State = (ChangeState)reader.ReadByte(),
        };
        (state, after) = (begun.State, begun.After);
        return step;
    }

    private static void Write(BinaryWriter writer, in FileState state)
    {
        writer.Write((byte)state.Kind);
        Write(writer, state.Identity);
        writer.Write(state.Length);
        writer.Write((int)state.Mode);
        writer.Write(state.WriteTicks);
        writer.Write(state.Hash ?? string.Empty);
    }

    private static void Write(BinaryWriter writer, FileIdentity identity)
    {
        writer.Write(identity.Device);
        writer.Write(identity.Inode);
    }

    private static FileState ReadState(BinaryReader reader) => new(
        (FileKind)reader.ReadByte(), ReadIdentity(reader), reader.ReadInt64(), (UnixFileMode)reader.ReadInt32(),
        reader.ReadInt64(), reader.ReadString());

    private static FileIdentity ReadIdentity(BinaryReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64());
}
