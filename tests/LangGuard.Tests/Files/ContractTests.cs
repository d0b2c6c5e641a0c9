#pragma warning disable CA1416 // Modes are part of the contract where the platform has them; these tests run on Linux.
using System.Globalization;
using System.IO.Abstractions;
using System.Text;
using LangGuard.Files;

namespace LangGuard.Tests.Files;

/// <summary>The same work on the platform's file system and on the guarded one: same results, same errors, same files.</summary>
public sealed partial class ContractTests
{
    private static readonly Dictionary<string, Func<IFileSystem, string, object?>> Work = new(StringComparer.Ordinal)
    {
        ["read text"] = (fs, root) => fs.File.ReadAllText(root + "/a.txt"),
        ["read text with a preamble"] = (fs, root) => fs.File.ReadAllText(root + "/utf16.txt"),
        ["read bytes"] = (fs, root) => Convert.ToHexString(fs.File.ReadAllBytes(root + "/a.txt")),
        ["read lines"] = (fs, root) => string.Join('|', fs.File.ReadAllLines(root + "/lines.txt")),
        ["read lines lazily"] = (fs, root) => string.Join('|', fs.File.ReadLines(root + "/lines.txt").Take(2)),
        ["read an empty file"] = (fs, root) => fs.File.ReadAllText(root + "/empty.txt"),
        ["read a missing file"] = (fs, root) => fs.File.ReadAllText(root + "/none.txt"),
        ["read in a missing folder"] = (fs, root) => fs.File.ReadAllText(root + "/none/a.txt"),
        ["read a folder"] = (fs, root) => fs.File.ReadAllText(root + "/docs"),
        ["read below a file"] = (fs, root) => fs.File.ReadAllText(root + "/a.txt/b"),
        ["read a file with a slash"] = (fs, root) => fs.File.ReadAllText(root + "/a.txt/"),
        ["write new"] = (fs, root) => Done(() => fs.File.WriteAllText(root + "/new.txt", "new")),
        ["write over"] = (fs, root) => Done(() => fs.File.WriteAllText(root + "/a.txt", "x")),
        ["write with a preamble"] = (fs, root) => Done(() => fs.File.WriteAllText(root + "/a.txt", "x", Encoding.Unicode)),
        ["write null"] = (fs, root) => Done(() => fs.File.WriteAllText(root + "/a.txt", (string?)null)),
        ["write lines"] = (fs, root) => Done(() => fs.File.WriteAllLines(root + "/a.txt", ["x", "y"])),
        ["write in a missing folder"] = (fs, root) => Done(() => fs.File.WriteAllText(root + "/none/a.txt", "x")),
        ["write a folder"] = (fs, root) => Done(() => fs.File.WriteAllText(root + "/docs", "x")),
        ["write null bytes"] = (fs, root) => Done(() => fs.File.WriteAllBytes(root + "/a.txt", null!)),
        ["write through a link"] = (fs, root) => Done(() => fs.File.WriteAllText(root + "/link.txt", "through")),
        ["write through a link to nothing"] = (fs, root) => Done(() => fs.File.WriteAllText(root + "/dangling", "made")),
        ["append"] = (fs, root) => Done(() => fs.File.AppendAllText(root + "/a.txt", "more")),
        ["append with a preamble"] = (fs, root) => Done(() => fs.File.AppendAllText(root + "/a.txt", "more", Encoding.Unicode)),
        ["append new with a preamble"] = (fs, root) => Done(() => fs.File.AppendAllText(root + "/new.txt", "more", Encoding.Unicode)),
        ["append bytes"] = (fs, root) => Done(() => fs.File.AppendAllBytes(root + "/a.txt", [1, 2])),
        ["append text by a writer"] = (fs, root) => Done(() => Use(fs.File.AppendText(root + "/a.txt"), writer => writer.Write("z"))),
        ["create text by a writer"] = (fs, root) => Done(() => Use(fs.File.CreateText(root + "/a.txt"), writer => writer.Write("z"))),
        ["delete"] = (fs, root) => Done(() => fs.File.Delete(root + "/a.txt")),
        ["delete a missing file"] = (fs, root) => Done(() => fs.File.Delete(root + "/none.txt")),
        ["delete in a missing folder"] = (fs, root) => Done(() => fs.File.Delete(root + "/none/a.txt")),
        ["delete a folder as a file"] = (fs, root) => Done(() => fs.File.Delete(root + "/docs")),
        ["delete a link"] = (fs, root) => Done(() => fs.File.Delete(root + "/link.txt")),
        ["delete a full folder"] = (fs, root) => Done(() => fs.Directory.Delete(root + "/docs")),
        ["delete an empty folder"] = (fs, root) => Done(() => fs.Directory.Delete(root + "/void")),
        ["delete a tree"] = (fs, root) => Done(() => fs.Directory.Delete(root + "/docs", true)),
        ["delete a missing folder"] = (fs, root) => Done(() => fs.Directory.Delete(root + "/none", true)),
        ["delete a file as a folder"] = (fs, root) => Done(() => fs.Directory.Delete(root + "/a.txt")),
        ["move"] = (fs, root) => Done(() => fs.File.Move(root + "/a.txt", root + "/b.txt")),
        ["move over"] = (fs, root) => Done(() => fs.File.Move(root + "/a.txt", root + "/lines.txt")),
        ["move over when told"] = (fs, root) => Done(() => fs.File.Move(root + "/a.txt", root + "/lines.txt", true)),
        ["move a missing file"] = (fs, root) => Done(() => fs.File.Move(root + "/none.txt", root + "/b.txt")),
        ["move into a missing folder"] = (fs, root) => Done(() => fs.File.Move(root + "/a.txt", root + "/none/b.txt")),
        ["move to itself"] = (fs, root) => Done(() => fs.File.Move(root + "/a.txt", root + "/a.txt")),
        ["move a folder as a file"] = (fs, root) => Done(() => fs.File.Move(root + "/docs", root + "/docs2")),
        ["move a folder"] = (fs, root) => Done(() => fs.Directory.Move(root + "/docs", root + "/papers")),
        ["move a folder over another"] = (fs, root) => Done(() => fs.Directory.Move(root + "/docs", root + "/void")),
        ["move a folder into itself"] = (fs, root) => Done(() => fs.Directory.Move(root + "/docs", root + "/docs/x")),
        ["move a folder to itself"] = (fs, root) => Done(() => fs.Directory.Move(root + "/docs", root + "/docs")),
        ["move a missing folder"] = (fs, root) => Done(() => fs.Directory.Move(root + "/none", root + "/x")),
        ["copy"] = (fs, root) => Done(() => fs.File.Copy(root + "/a.txt", root + "/b.txt")),
        ["copy keeps the time"] = (fs, root) =>
        {
            fs.File.SetLastWriteTimeUtc(root + "/a.txt", new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc));
            fs.File.Copy(root + "/a.txt", root + "/b.txt");
            return fs.File.GetLastWriteTimeUtc(root + "/b.txt");
        },
        ["copy over"] = (fs, root) => Done(() => fs.File.Copy(root + "/a.txt", root + "/lines.txt")),
        ["copy over when told"] = (fs, root) => Done(() => fs.File.Copy(root + "/a.txt", root + "/lines.txt", true)),
        ["copy a missing file"] = (fs, root) => Done(() => fs.File.Copy(root + "/none.txt", root + "/b.txt")),
        ["copy a folder"] = (fs, root) => Done(() => fs.File.Copy(root + "/docs", root + "/b")),
        ["replace with a backup"] = (fs, root) => Done(() => fs.File.Replace(root + "/a.txt", root + "/lines.txt", root + "/backup.txt")),
        ["replace without a backup"] = (fs, root) => Done(() => fs.File.Replace(root + "/a.txt", root + "/lines.txt", null)),
        ["replace what is missing"] = (fs, root) => Done(() => fs.File.Replace(root + "/a.txt", root + "/none.txt", null)),
        ["make a folder"] = (fs, root) => fs.Directory.CreateDirectory(root + "/x/y/z").Name,
        ["make a folder that is there"] = (fs, root) => fs.Directory.CreateDirectory(root + "/docs").Exists,
        ["make a folder where a file is"] = (fs, root) => Done(() => fs.Directory.CreateDirectory(root + "/a.txt")),
        ["make a folder below a file"] = (fs, root) => Done(() => fs.Directory.CreateDirectory(root + "/a.txt/x")),
        ["list files"] = (fs, root) => Names(fs.Directory.GetFiles(root), root),
        ["list folders"] = (fs, root) => Names(fs.Directory.GetDirectories(root), root),
        ["list all"] = (fs, root) => Names(fs.Directory.GetFileSystemEntries(root), root),
        ["list by pattern"] = (fs, root) => Names(fs.Directory.GetFiles(root, "*.txt"), root),
        ["list star dot star"] = (fs, root) => Names(fs.Directory.GetFileSystemEntries(root, "*.*"), root),
        ["list by question marks"] = (fs, root) => Names(fs.Directory.GetFiles(root, "?.txt"), root),
        ["list a pattern in a folder"] = (fs, root) => Names(fs.Directory.GetFiles(root, "docs/*.md"), root),
        ["list deep"] = (fs, root) => Names(fs.Directory.GetFiles(root, "*", SearchOption.AllDirectories), root),
        ["list with options"] = (fs, root) => Names(fs.Directory.EnumerateFileSystemEntries(root, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }), root),
        ["list a missing folder"] = (fs, root) => Names(fs.Directory.GetFiles(root + "/none"), root),
        ["list a file"] = (fs, root) => Names(fs.Directory.GetFiles(root + "/a.txt"), root),
        ["list infos"] = (fs, root) => Names(fs.DirectoryInfo.New(root).GetFileSystemInfos().Select(info => info.Name), root),
        ["exists"] = (fs, root) => string.Join(',', fs.File.Exists(root + "/a.txt"), fs.File.Exists(root + "/docs"), fs.Directory.Exists(root + "/docs"), fs.Directory.Exists(root + "/a.txt"), fs.File.Exists(root + "/none"), fs.File.Exists(root + "/link.txt"), fs.File.Exists(root + "/a.txt/"), fs.Path.Exists(root + "/docs/"), fs.File.Exists(null)),
        ["attributes of a file"] = (fs, root) => fs.File.GetAttributes(root + "/a.txt"),
        ["attributes of a folder"] = (fs, root) => fs.File.GetAttributes(root + "/docs"),
        ["attributes of a hidden file"] = (fs, root) => fs.File.GetAttributes(root + "/.hidden"),
        ["attributes of a link"] = (fs, root) => fs.File.GetAttributes(root + "/link.txt"),
        ["attributes of a link to a folder"] = (fs, root) => fs.File.GetAttributes(root + "/linkdir"),
        ["attributes of nothing"] = (fs, root) => fs.File.GetAttributes(root + "/none"),
        ["set read-only"] = (fs, root) =>
        {
            fs.File.SetAttributes(root + "/a.txt", FileAttributes.ReadOnly);
            return fs.File.GetUnixFileMode(root + "/a.txt");
        },
        ["mode"] = (fs, root) => fs.File.GetUnixFileMode(root + "/a.txt"),
        ["set mode"] = (fs, root) =>
        {
            fs.File.SetUnixFileMode(root + "/a.txt", UnixFileMode.UserRead);
            return fs.File.GetUnixFileMode(root + "/a.txt");
        },
        ["time of nothing"] = (fs, root) => fs.File.GetLastWriteTimeUtc(root + "/none"),
        ["times"] = (fs, root) =>
        {
            var time = new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Utc);
            fs.File.SetLastAccessTimeUtc(root + "/a.txt", time);
            fs.File.SetLastWriteTimeUtc(root + "/a.txt", time.AddDays(1));
            return (fs.File.GetLastAccessTimeUtc(root + "/a.txt"), fs.File.GetLastWriteTimeUtc(root + "/a.txt"));
        },
        ["time of unspecified kind"] = (fs, root) =>
        {
            fs.File.SetLastWriteTime(root + "/a.txt", new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Unspecified));
            return fs.File.GetLastWriteTime(root + "/a.txt");
        },
        ["length"] = (fs, root) => fs.FileInfo.New(root + "/a.txt").Length,
        ["length of nothing"] = (fs, root) => fs.FileInfo.New(root + "/none").Length,
        ["attributes of nothing by info"] = (fs, root) => fs.FileInfo.New(root + "/none").Attributes,
        ["link target"] = (fs, root) => fs.FileInfo.New(root + "/link.txt").LinkTarget,
        ["link target of a file"] = (fs, root) => fs.FileInfo.New(root + "/a.txt").LinkTarget,
        ["resolve a link"] = (fs, root) => fs.File.ResolveLinkTarget(root + "/link.txt", true)!.Name,
        ["resolve a file"] = (fs, root) => fs.File.ResolveLinkTarget(root + "/a.txt", true),
        ["make a link"] = (fs, root) => fs.File.CreateSymbolicLink(root + "/newlink", "a.txt").Name,
        ["make a link that is there"] = (fs, root) => Done(() => fs.File.CreateSymbolicLink(root + "/a.txt", "lines.txt")),
        ["stream read"] = (fs, root) => Use(fs.File.OpenRead(root + "/a.txt"), stream => new StreamReader(stream).ReadToEnd()),
        ["stream write"] = (fs, root) => Done(() => Use(fs.File.OpenWrite(root + "/a.txt"), stream => stream.Write("XY"u8))),
        ["stream create"] = (fs, root) => Done(() => Use(fs.File.Create(root + "/n.bin"), stream => stream.WriteByte(1))),
        ["stream create new over"] = (fs, root) => Done(() => fs.File.Open(root + "/a.txt", FileMode.CreateNew).Dispose()),
        ["stream truncate"] = (fs, root) => Done(() => Use(fs.File.Open(root + "/a.txt", FileMode.Truncate, FileAccess.Write), stream => stream.Write("t"u8))),
        ["stream append"] = (fs, root) => Done(() => Use(fs.File.Open(root + "/a.txt", FileMode.Append), stream => stream.Write("t"u8))),
        ["stream append seeks back"] = (fs, root) => Done(() => Use(fs.File.Open(root + "/a.txt", FileMode.Append), stream => stream.Seek(0, SeekOrigin.Begin))),
        ["stream append for reading"] = (fs, root) => Done(() => fs.File.Open(root + "/a.txt", FileMode.Append, FileAccess.ReadWrite).Dispose()),
        ["stream create for reading"] = (fs, root) => Done(() => fs.File.Open(root + "/a.txt", FileMode.Create, FileAccess.Read).Dispose()),
        ["stream missing"] = (fs, root) => Done(() => fs.File.Open(root + "/none", FileMode.Open).Dispose()),
        ["stream truncate missing"] = (fs, root) => Done(() => fs.File.Open(root + "/none", FileMode.Truncate).Dispose()),
        ["stream of a folder"] = (fs, root) => Done(() => fs.File.Open(root + "/docs", FileMode.Open).Dispose()),
        ["stream facts"] = (fs, root) => Use(fs.FileStream.New(root + "/a.txt", FileMode.Open, FileAccess.Read, FileShare.Read, 1, true), stream => (stream.Length, stream.CanRead, stream.CanWrite, stream.CanSeek, stream.IsAsync)),
        ["stream writes when it may only read"] = (fs, root) => Done(() => Use(fs.File.OpenRead(root + "/a.txt"), stream => stream.Write("x"u8))),
        ["stream reads when it may only write"] = (fs, root) => Done(() => Use(fs.File.OpenWrite(root + "/a.txt"), stream => stream.ReadByte())),
        ["stream sets a length"] = (fs, root) => Done(() => Use(fs.File.Open(root + "/a.txt", FileMode.Open), stream => stream.SetLength(2))),
        ["stream seeks and writes"] = (fs, root) => Done(() => Use(fs.File.Open(root + "/a.txt", FileMode.Open), stream =>
        {
            stream.Seek(10, SeekOrigin.Begin);
            stream.Write("end"u8);
        })),
        ["stream deletes on close"] = (fs, root) => Done(() => fs.File.Create(root + "/gone.tmp", 4096, FileOptions.DeleteOnClose).Dispose()),
        ["two readers"] = (fs, root) => Use(fs.File.OpenRead(root + "/a.txt"), _ => Use(fs.File.OpenRead(root + "/a.txt"), stream => stream.Length)),
        ["reader and exclusive"] = (fs, root) => Use(fs.File.OpenRead(root + "/a.txt"), _ => Done(() => fs.File.Open(root + "/a.txt", FileMode.Open, FileAccess.Read, FileShare.None).Dispose())),
        ["exclusive and reader"] = (fs, root) => Use(fs.File.Open(root + "/a.txt", FileMode.Open, FileAccess.Read, FileShare.None), _ => fs.File.ReadAllText(root + "/a.txt")),
        ["exclusive and writer"] = (fs, root) => Use(fs.File.Open(root + "/a.txt", FileMode.Open, FileAccess.Read, FileShare.None), _ => Done(() => fs.File.WriteAllText(root + "/a.txt", "x"))),
        ["handle"] = (fs, root) => Use(fs.File.OpenHandle(root + "/a.txt"), handle =>
        {
            var buffer = new byte[64];
            var read = fs.RandomAccess.Read(handle, buffer, 1);
            return (Encoding.UTF8.GetString(buffer, 0, read), fs.RandomAccess.GetLength(handle), fs.File.GetAttributes(handle));
        }),
        ["handle for writing"] = (fs, root) => Done(() => Use(fs.File.OpenHandle(root + "/h.bin", FileMode.CreateNew, FileAccess.Write), handle => fs.RandomAccess.Write(handle, "abc"u8, 2))),
        ["handle as a stream"] = (fs, root) => Use(fs.FileStream.New(fs.File.OpenHandle(root + "/a.txt"), FileAccess.Read), stream => new StreamReader(stream).ReadToEnd()),
        ["file by info"] = (fs, root) =>
        {
            var info = fs.FileInfo.New(root + "/docs/a.md");
            return (info.Name, info.Extension, info.Exists, info.Length, info.IsReadOnly, info.Directory!.Name);
        },
        ["move by info"] = (fs, root) =>
        {
            var info = fs.FileInfo.New(root + "/a.txt");
            info.MoveTo(root + "/moved.txt");
            return (info.Name, info.Exists, fs.File.Exists(root + "/a.txt"));
        },
        ["subfolder by info"] = (fs, root) => fs.DirectoryInfo.New(root).CreateSubdirectory("s/t").Name,
        ["subfolder that climbs"] = (fs, root) => fs.DirectoryInfo.New(root + "/docs").CreateSubdirectory("../../x").Name,
        ["empty name"] = (fs, root) => fs.File.ReadAllText(string.Empty),
        ["null name"] = (fs, root) => fs.File.ReadAllText(null!),
        ["NUL in a name"] = (fs, root) => fs.File.ReadAllText(root + "/a\0.txt"),
        ["long name"] = (fs, root) => fs.File.ReadAllText(root + "/" + new string('a', 300)),
        ["dots in a name"] = (fs, root) => Done(() => fs.File.WriteAllText(root + "/a..b/../v1..v2.txt", "x")),
        ["links in a circle"] = (fs, root) => fs.File.ReadAllText(root + "/circle"),
        ["version info"] = (fs, root) => fs.FileVersionInfo.GetVersionInfo(root + "/a.txt").FileVersion,
        ["cancelled"] = (fs, root) => fs.File.ReadAllTextAsync(root + "/a.txt", new CancellationToken(true)).GetAwaiter().GetResult(),
        ["async read"] = (fs, root) => fs.File.ReadAllTextAsync(root + "/a.txt").GetAwaiter().GetResult(),
        ["async lines"] = (fs, root) => string.Join('|', fs.File.ReadLinesAsync(root + "/lines.txt").ToBlockingEnumerable()),
        ["async write"] = (fs, root) => Done(() => fs.File.WriteAllTextAsync(root + "/a.txt", "async").GetAwaiter().GetResult()),
        ["async stream"] = (fs, root) => Use(fs.FileStream.New(root + "/a.txt", FileMode.Open, FileAccess.Read, FileShare.Read, 4096, FileOptions.Asynchronous), stream =>
        {
            var buffer = new byte[4];
            return stream.ReadAsync(buffer).AsTask().GetAwaiter().GetResult();
        }),
    };

    /// <summary>Where the guarded file system differs on purpose: it lists a link, but never walks through one.</summary>
    private static readonly Dictionary<string, string> Divergences = new(StringComparer.Ordinal)
    {
        ["list deep"] = "/.hidden,/a.txt,/circle,/dangling,/docs/a.md,/docs/deep/b.md,/empty.txt,/lines.txt,/link.txt,/utf16.txt",
        ["list with options"] = "/a.txt,/circle,/dangling,/docs,/docs/a.md,/docs/deep,/empty.txt,/lines.txt,/link.txt,/linkdir,/utf16.txt,/void",
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var name in Work.Keys.Concat(Spellings.Keys))
            {
                cases.Add(name, "KernelBeneath");
                cases.Add(name, "HandleWalk");
                cases.Add(name, "VerifyAfterOpen");
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Guarded_work_ends_like_unguarded_work(string name, string backend)
    {
        using var raw = Build(null);
        using var guarded = Build(Enum.Parse<FileConfinement>(backend));

        var work = Work.GetValueOrDefault(name) ?? Spellings[name];
        var expected = Run(work, new FileSystem(), raw.Root);
        var actual = Run(work, guarded.Guarded, "/kb");

        actual.Should().Be(Divergences.GetValueOrDefault(name, expected));
        Tree(guarded.Root).Should().Be(Tree(raw.Root));
    }

    private static FileWorld Build(FileConfinement? backend)
    {
        var world = new FileWorld(backend: backend)
            .With("a.txt", "alpha beta").With("lines.txt", "one\ntwo\r\nthree").With("empty.txt", string.Empty)
            .With("docs/a.md", "# a").With("docs/deep/b.md", "# b").With(".hidden", "h");
        File.WriteAllText(world.In("utf16.txt"), "wide", Encoding.Unicode);
        Directory.CreateDirectory(world.In("void"));
        File.CreateSymbolicLink(world.In("link.txt"), "a.txt");
        File.CreateSymbolicLink(world.In("linkdir"), "docs");
        File.CreateSymbolicLink(world.In("dangling"), "made.txt");
        File.CreateSymbolicLink(world.In("circle"), "circle");
        return world;
    }

    private static string Run(Func<IFileSystem, string, object?> work, IFileSystem fileSystem, string root)
    {
        try
        {
            return Convert.ToString(work(fileSystem, root), CultureInfo.InvariantCulture) ?? "null";
        }
        catch (Exception error)
        {
            return error.GetType().Name;
        }
    }

    private static string Tree(string root) => string.Join('\n', Directory
        .EnumerateFileSystemEntries(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        .Where(path => !path.Contains("/linkdir/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(path => Path.GetRelativePath(root, path) + Content(path)));

    private static string Content(string path) => new FileInfo(path).LinkTarget is { } target ? " -> " + target
        : Directory.Exists(path) ? "/" : " " + Convert.ToHexString(File.ReadAllBytes(path)) + File.GetUnixFileMode(path);

    private static string Names(IEnumerable<string> names, string root) =>
        string.Join(',', names.Select(name => name.Replace(root, string.Empty, StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private static string Done(Action act)
    {
        act();
        return "done";
    }

    private static TResult Use<T, TResult>(T resource, Func<T, TResult> use)
        where T : IDisposable
    {
        using (resource)
        {
            return use(resource);
        }
    }

    private static void Use<T>(T resource, Action<T> use)
        where T : IDisposable
    {
        using (resource)
        {
            use(resource);
        }
    }
}
