using System.IO.Abstractions;

/// <summary>Twelve changes, one of each kind and some that build on each other.</summary>
internal static class TwelveChanges
{
    internal static void Run(IFileSystem files)
    {
        files.File.WriteAllText("new.md", "created");
        files.File.WriteAllText("plain.md", "overwritten");
        files.File.AppendAllText("log.md", "one more line\n");
        using (var stream = files.FileStream.New("table.csv", FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Seek(2, SeekOrigin.Begin);
            stream.Write("XYZ"u8);
        }

        files.File.Delete("old.md");
        files.Directory.CreateDirectory("folder");
        files.File.Move("draft.md", "folder/draft.md");
        files.File.Move("winner.md", "loser.md", overwrite: true);
        files.File.Copy("plain.md", "folder/copy.md");
        files.File.SetLastWriteTimeUtc("log.md", new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        files.Directory.Delete("empty");
        files.File.WriteAllText("plain.md", "overwritten again");
    }
}
