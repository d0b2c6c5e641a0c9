using System.Formats.Tar;
using System.IO.Abstractions.TestingHelpers;
using System.IO.Compression;
using System.Text;
using LangGuard.Files;
using LangGuard.Tests.Journaling;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Files;

/// <summary>Archives are unpacked by guarded writes, whole or not at all.</summary>
public sealed class ArchiveTests
{
    private static readonly (string Name, string Content)[] Entries =
        [("readme.md", "# read"), ("src/a.cs", "class A;"), ("src/deep/b.cs", "class B;"), ("v1..v2/[...next].ts", "export {}"), ("empty.txt", "")];

    [Theory]
    [InlineData(FileConfinement.KernelBeneath)]
    [InlineData(FileConfinement.HandleWalk)]
    [InlineData(FileConfinement.VerifyAfterOpen)]
    public void Unpacks_zip_and_tar_as_they_were_packed(FileConfinement backend)
    {
        using var world = new FileWorld(backend: backend);
        Zip(world.In("in.zip"));
        Tar(File.Create(world.In("in.tar")), TarEntryFormat.Ustar);
        Tar(File.Create(world.In("pax.tar")), TarEntryFormat.Pax);
        Tar(File.Create(world.In("gnu.tar")), TarEntryFormat.Gnu);
        Tar(File.Create(world.In("v7.tar")), TarEntryFormat.V7);
        Tar(new GZipStream(File.Create(world.In("in.tar.gz")), CompressionLevel.Fastest), TarEntryFormat.Pax);

        world.Guarded.ExtractZip("in.zip", "zip").Should().Be(new ArchiveReport(Entries.Length, 1, Entries.Sum(entry => entry.Content.Length)));
        foreach (var name in new[] { "in.tar", "pax.tar", "gnu.tar", "v7.tar", "in.tar.gz" })
        {
            world.Guarded.ExtractTar("/kb/" + name, "from/" + name).Files.Should().Be(Entries.Length);
            Check(world.In("from/" + name));
        }

        Check(world.In("zip"));
        Directory.Exists(world.In("zip/void")).Should().BeTrue();
    }

    [Fact]
    public void Unpacks_what_git_and_others_write()
    {
        using var world = new FileWorld();
        var deep = string.Join('/', Enumerable.Range(0, 20).Select(i => $"directory{i}")) + "/" + new string('n', 120) + ".txt";
        foreach (var format in new[] { TarEntryFormat.Pax, TarEntryFormat.Gnu })
        {
            using (var tar = new TarWriter(File.Create(world.In("in.tar")), format))
            {
                if (format == TarEntryFormat.Pax)
                {
                    tar.WriteEntry(new PaxGlobalExtendedAttributesTarEntry(new Dictionary<string, string> { ["comment"] = "a commit" }));
                }

                TarEntry entry = format == TarEntryFormat.Pax
                    ? new PaxTarEntry(TarEntryType.RegularFile, deep)
                    : new GnuTarEntry(TarEntryType.RegularFile, deep);
                entry.DataStream = new MemoryStream("deep"u8.ToArray());
                entry.Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.SetUser;
                tar.WriteEntry(entry);
            }

            world.Guarded.ExtractTar("in.tar", format.ToString());
            File.ReadAllText(world.In($"{format}/{deep}")).Should().Be("deep");
            (File.GetUnixFileMode(world.In($"{format}/{deep}")) & (UnixFileMode.UserExecute | UnixFileMode.SetUser)).Should().Be(UnixFileMode.None);
        }
    }

    [Fact]
    public void Unpacks_into_what_is_there_and_replaces_only_when_told()
    {
        using var world = new FileWorld().With("out/readme.md", "mine").With("out/other.txt", "other");
        Zip(world.In("in.zip"));

        var refused = () => world.Guarded.ExtractZip("in.zip", "out");
        refused.Should().Throw<ArchiveException>().WithMessage("*exists already*");
        Directory.Exists(world.In("out/src")).Should().BeFalse();

        world.Guarded.ExtractZip("in.zip", "out", new ArchiveOptions { Overwrite = true });
        Check(world.In("out"));
        File.ReadAllText(world.In("out/other.txt")).Should().Be("other");
    }

    [Fact]
    public void Every_entry_is_undone_and_what_it_replaced_comes_back()
    {
        using var desk = new JournaledDesk();
        desk.Put("out/readme.md", "mine");
        Zip(Path.Combine(desk.Root, "in.zip"));
        var before = desk.Snapshot();

        ((GuardedFileSystem)desk.Files).ExtractZip("in.zip", "out", new ArchiveOptions { Overwrite = true });
        Check(Path.Combine(desk.Root, "out"));
        desk.Session.Changes.All.Should().HaveCountGreaterThan(Entries.Length);

        desk.Session.Changes.Undo().IsComplete.Should().BeTrue();
        desk.Snapshot().Should().Be(before);
    }

    [Fact]
    public void Quotas_of_the_session_count_every_entry()
    {
        using var world = new FileWorld(files => files.Read("**").Write("**").Limit(limits => limits.SessionFiles = 4));
        Zip(world.In("in.zip"));

        var extract = () => world.Guarded.ExtractZip("in.zip", "out");

        extract.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("files.session-file-limit");
    }

    [Fact]
    public void An_entry_over_the_write_limit_is_found_before_anything_is_written()
    {
        using var world = new FileWorld(files => files.Read("**").Write("**").Limit(limits => limits.WriteBytes = 7));
        Zip(world.In("in.zip"));

        var extract = () => world.Guarded.ExtractZip("in.zip", "out");

        extract.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("files.write-limit");
        Directory.Exists(world.In("out")).Should().BeFalse();
    }

    [Fact]
    public void Works_on_other_file_systems()
    {
        var memory = new MockFileSystem();
        using var packed = new MemoryStream();
        Zip(packed);
        memory.AddFile("/data/in.zip", new MockFileData(packed.ToArray()));
        using var session = Operations.SessionOf(guard => guard.LimitPermissions(allow => allow.Files(
            "kb", "/data", files => files.On(memory).Read("**").Write("**").Trusted("**"))));

        session.FileSystem.ExtractZip("in.zip", "out").Files.Should().Be(Entries.Length);

        memory.File.ReadAllText("/data/out/src/a.cs").Should().Be("class A;");
    }

    [Fact]
    public void Empty_archives_unpack_to_nothing()
    {
        using var world = new FileWorld();
        using (new ZipArchive(File.Create(world.In("in.zip")), ZipArchiveMode.Create))
        {
        }

        File.WriteAllBytes(world.In("in.tar"), new byte[1024]);

        world.Guarded.ExtractZip("in.zip", "out").Should().Be(new ArchiveReport(0, 0, 0));
        world.Guarded.ExtractTar("in.tar", "out").Should().Be(new ArchiveReport(0, 0, 0));
    }

    [Fact]
    public void Refuses_limits_that_are_none()
    {
        using var world = new FileWorld();
        Zip(world.In("in.zip"));
        foreach (var options in new ArchiveOptions[]
        {
            new() { MaxEntries = 0 }, new() { MaxBytes = 0 }, new() { MaxEntryBytes = -1 }, new() { MaxRatio = 0 }, new() { MaxDepth = 0 },
        })
        {
            var extract = () => world.Guarded.ExtractZip("in.zip", "out", options);
            extract.Should().Throw<ArgumentOutOfRangeException>();
        }
    }

    private static void Check(string folder)
    {
        foreach (var (name, content) in Entries)
        {
            File.ReadAllText(Path.Combine(folder, name)).Should().Be(content);
        }
    }

    private static void Zip(string path)
    {
        using var file = File.Create(path);
        Zip(file);
    }

    private static void Zip(Stream target)
    {
        using var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        zip.CreateEntry("void/");
        foreach (var (name, content) in Entries)
        {
            using var stream = zip.CreateEntry(name).Open();
            stream.Write(Encoding.UTF8.GetBytes(content));
        }
    }

    private static void Tar(Stream target, TarEntryFormat format)
    {
        using var tar = new TarWriter(target, format);
        foreach (var (name, content) in Entries)
        {
            TarEntry entry = format switch
            {
                TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                _ => new PaxTarEntry(TarEntryType.RegularFile, name),
            };
            entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
            tar.WriteEntry(entry);
        }
    }
}
