using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using LangGuard.Files;

namespace LangGuard.SecurityTests.Files;

/// <summary>Archives that want more than to be unpacked. Each leaves nothing behind: neither outside nor in the root.</summary>
public sealed class ArchiveAttackTests
{
    private const int Link = 0xA1FF;
    private const int Device = 0x21B6;
    private const int Pipe = 0x11B6;

    public static TheoryData<string> BadNames =>
    [
        "../outside/planted.txt", "a/../../outside/planted.txt", "..", "a/..", "/etc/planted", "//planted", "..\\outside\\planted",
        "a\\b.txt", "C:/planted", "C:planted", "file.txt:stream", "a//b", "", "a\0b", "a\nb", "./../../outside/planted.txt", "/", "a/./../..",
    ];

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_zip_entry_with_a_name_that_leads_elsewhere_refuses_the_whole_archive(string name)
    {
        using var world = new AttackWorld();

        // The platform writes no entry without a name.
        HostileArchive.Zip(world.In("in.zip"), ("good.txt", "good"), (name.Length == 0 ? "./" + new string('n', 1024) : name, "bad"));

        CheckRefused(world, files => files.ExtractZip("in.zip", "out"));
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_tar_entry_with_a_name_that_leads_elsewhere_refuses_the_whole_archive(string name)
    {
        using var world = new AttackWorld();
        using (var archive = File.Create(world.In("in.tar")))
        {
            archive.Write(HostileArchive.TarHeader("good.txt", 0, '0'));
            archive.Write(HostileArchive.TarHeader(name.Replace('\0', '\u0001'), 0, '0'));
            archive.Write(new byte[1024]);
        }

        CheckRefused(world, files => files.ExtractTar("in.tar", "out"));
    }

    [Theory]
    [InlineData(Link)]
    [InlineData(Device)]
    [InlineData(Pipe)]
    public void A_zip_entry_that_is_no_file_refuses_the_whole_archive(int mode)
    {
        using var world = new AttackWorld();
        HostileArchive.Zip(world.In("in.zip"), ("good.txt", "good", 0), ("up", "../../outside", mode), ("up/planted.txt", "bad", 0));

        CheckRefused(world, files => files.ExtractZip("in.zip", "out"));
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink, "../../outside")]
    [InlineData(TarEntryType.SymbolicLink, "good.txt")]
    [InlineData(TarEntryType.HardLink, "../outside/secret.txt")]
    [InlineData(TarEntryType.HardLink, "good.txt")]
    public void A_link_in_a_tar_refuses_the_whole_archive(TarEntryType type, string target)
    {
        using var world = new AttackWorld();
        HostileArchive.Tar(
            world.In("in.tar"), HostileArchive.TarFile("good.txt"), HostileArchive.TarLink(type, "up", target),
            HostileArchive.TarFile("up/planted.txt"));

        CheckRefused(world, files => files.ExtractTar("in.tar", "out"));
    }

    [Theory]
    [InlineData('3')]
    [InlineData('4')]
    [InlineData('6')]
    [InlineData('S')]
    [InlineData('M')]
    [InlineData('V')]
    [InlineData('D')]
    [InlineData('Z')]
    public void A_device_a_pipe_or_an_unknown_kind_in_a_tar_refuses_the_whole_archive(char type)
    {
        using var world = new AttackWorld();
        using (var archive = File.Create(world.In("in.tar")))
        {
            archive.Write(HostileArchive.TarHeader("good.txt", 0, '0'));
            archive.Write(HostileArchive.TarHeader("special", 0, type));
            archive.Write(new byte[1024]);
        }

        CheckRefused(world, files => files.ExtractTar("in.tar", "out"));
    }

    [Fact]
    public void A_link_that_is_there_already_leads_no_entry_elsewhere()
    {
        using var world = new AttackWorld();
        world.Write("private/notes.txt", "mine");
        Directory.CreateDirectory(world.In("out"));
        world.Link("out/away", world.Outside);
        world.Link("out/near", "../private");
        world.Link("out/name.txt", "../private/notes.txt");
        foreach (var name in new[] { "away/secret.txt", "away/new.txt", "near/notes.txt", "near/new.txt", "name.txt" })
        {
            HostileArchive.Zip(world.In("in.zip"), ("good.txt", "good"), (name, "bad"));
            HostileArchive.Tar(world.In("in.tar"), HostileArchive.TarFile("good.txt"), HostileArchive.TarFile(name));

            CheckRefused(world, files => files.ExtractZip("in.zip", "out", new ArchiveOptions { Overwrite = true }));
            CheckRefused(world, files => files.ExtractTar("in.tar", "out", new ArchiveOptions { Overwrite = true }));
        }
    }

    [Theory]
    [InlineData("a.txt", "a.txt")]
    [InlineData("a.txt", "A.TXT")]
    [InlineData("a.txt", "./a.txt")]
    [InlineData("caf\u00e9.txt", "cafe\u0301.txt")]
    [InlineData("a.txt", "a.txt.")]
    [InlineData("a.txt", "a\u200b.txt")]
    [InlineData("a", "a/b.txt")]
    [InlineData("a/b.txt", "a")]
    [InlineData("Dir/a.txt", "dir/b.txt")]
    public void Two_entries_that_some_system_takes_for_one_refuse_the_archive(string first, string second)
    {
        using var world = new AttackWorld();
        HostileArchive.Zip(world.In("in.zip"), (first, "one"), (second, "two"));
        HostileArchive.Tar(world.In("in.tar"), HostileArchive.TarFile(first), HostileArchive.TarFile(second));

        CheckRefused(world, files => files.ExtractZip("in.zip", "out"));
        CheckRefused(world, files => files.ExtractTar("in.tar", "out", new ArchiveOptions { Overwrite = true }));
    }

    [Theory]
    [InlineData(".env", "files.sensitive")]
    [InlineData("app/.env.production", "files.sensitive")]
    [InlineData(".git/hooks/pre-commit", "files.sensitive")]
    [InlineData(".mcp.json", "files.sensitive")]
    [InlineData(".GITHUB/workflows/ci.yml", "files.sensitive")]
    [InlineData("data.db-journal", "files.sensitive")]
    [InlineData("keep/out.txt", "files.denied")]
    public void What_the_rules_deny_is_not_unpacked_and_neither_is_the_rest(string name, string rule)
    {
        using var world = new AttackWorld(files => files.Read("**").Write("**").Delete("**").Deny("out/keep/**"));
        HostileArchive.Zip(world.In("in.zip"), ("good.txt", "good"), (name, "bad"));
        HostileArchive.Tar(world.In("in.tar"), HostileArchive.TarFile("good.txt"), HostileArchive.TarFile(name));

        CheckRefused(world, files => files.ExtractZip("in.zip", "out")).Should().BeOfType<AccessDeniedException>()
            .Which.Decision.Reason!.Rule.Should().Be(rule);
        CheckRefused(world, files => files.ExtractTar("in.tar", "out")).Should().BeOfType<AccessDeniedException>()
            .Which.Decision.Reason!.Rule.Should().Be(rule);
    }

    [Fact]
    public void Programs_and_wrong_extensions_are_not_unpacked()
    {
        using var world = new AttackWorld(files => files.Read("**").Write("**", rule => rule.WriteExtensions.Add(".txt")));
        HostileArchive.Zip(world.In("in.zip"), ("good.txt", "good"), ("bad.txt", "\u007fELF and so on"));
        CheckRefused(world, files => files.ExtractZip("in.zip", ".")).As<AccessDeniedException>()
            .Decision.Reason!.Rule.Should().Be("files.content-kind");
        HostileArchive.Zip(world.In("in.zip"), ("good.txt", "good"), ("bad.sh", "echo"));
        CheckRefused(world, files => files.ExtractZip("in.zip", ".")).As<AccessDeniedException>()
            .Decision.Reason!.Rule.Should().Be("files.extension");
    }

    [Fact]
    public void The_archive_and_the_destination_are_themselves_guarded()
    {
        using var world = new AttackWorld();
        HostileArchive.Zip(Path.Combine(world.Outside, "in.zip"), ("good.txt", "good"));
        HostileArchive.Zip(world.In("in.zip"), ("good.txt", "good"));
        HostileArchive.Zip(world.In("pack.key"), ("good.txt", "good"));

        CheckRefused(world, files => files.ExtractZip("../outside/in.zip", "out"));
        CheckRefused(world, files => files.ExtractZip(Path.Combine(world.Outside, "in.zip"), "out"));
        CheckRefused(world, files => files.ExtractZip("pack.key", "out"));
        CheckRefused(world, files => files.ExtractZip("in.zip", "../outside"));
        CheckRefused(world, files => files.ExtractZip("in.zip", world.Outside));
        CheckRefused(world, files => files.ExtractZip("in.zip", ".git/hooks"));
        CheckRefused(world, files => files.ExtractZip("in.zip", "in.zip"));
    }

    [Fact]
    public void A_bomb_is_found_before_anything_is_written()
    {
        using var world = new AttackWorld();
        var zeros = new string('0', 4 << 20);
        HostileArchive.Zip(world.In("ratio.zip"), ("good.txt", "good"), ("bomb.txt", zeros));
        using (var packed = new GZipStream(File.Create(world.In("ratio.tgz")), CompressionLevel.SmallestSize))
        using (var tar = new TarWriter(packed))
        {
            tar.WriteEntry(HostileArchive.TarFile("good.txt"));
            tar.WriteEntry(HostileArchive.TarFile("bomb.txt", zeros));
        }

        CheckRefused(world, files => files.ExtractZip("ratio.zip", "out")).Message.Should().Contain("100 times");
        CheckRefused(world, files => files.ExtractTar("ratio.tgz", "out")).Message.Should().Contain("100 times");

        var many = Enumerable.Range(0, 51).Select(i => ($"f{i}.txt", "x")).ToArray();
        HostileArchive.Zip(world.In("many.zip"), many);
        HostileArchive.Tar(world.In("many.tar"), [.. many.Select(entry => HostileArchive.TarFile(entry.Item1))]);
        var deep = string.Join('/', Enumerable.Repeat("d", 33));
        HostileArchive.Zip(world.In("deep.zip"), (deep, "x"));
        HostileArchive.Tar(world.In("deep.tar"), HostileArchive.TarFile(deep));
        HostileArchive.Zip(world.In("big.zip"), ("a.bin", new string('a', 600)), ("b.bin", new string('b', 600)));
        HostileArchive.Tar(world.In("big.tar"), HostileArchive.TarFile("a.bin", new string('a', 600)), HostileArchive.TarFile("b.bin", new string('b', 600)));
        foreach (var (name, options, word) in new[]
        {
            ("many", new ArchiveOptions { MaxEntries = 50 }, "entries"),
            ("deep", new ArchiveOptions(), "directories"),
            ("big", new ArchiveOptions { MaxBytes = 1_000 }, "1000 bytes"),
            ("big", new ArchiveOptions { MaxEntryBytes = 500 }, "size|500 bytes"),
        })
        {
            CheckRefused(world, files => files.ExtractZip(name + ".zip", "out", options)).Message.Should().MatchRegex(word);
            CheckRefused(world, files => files.ExtractTar(name + ".tar", "out", options)).Message.Should().MatchRegex(word);
        }
    }

    [Fact]
    public void What_a_zip_states_about_its_sizes_and_entries_is_not_believed()
    {
        using var world = new AttackWorld();
        HostileArchive.Zip(world.In("in.zip"), ("a.txt", new string('a', 5_000)), ("b.txt", "b"));
        var bytes = File.ReadAllBytes(world.In("in.zip"));

        // The end record states one entry; there are two.
        var end = bytes.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        bytes[end + 8] = bytes[end + 10] = 1;
        File.WriteAllBytes(world.In("lie.zip"), bytes);
        CheckRefused(world, files => files.ExtractZip("lie.zip", "out", new ArchiveOptions { MaxEntries = 1 }))
            .Message.Should().Contain("more than 1 entries");

        // The directory states a length of one byte for the first; it unpacks to five thousand.
        bytes = File.ReadAllBytes(world.In("in.zip"));
        var entry = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.GetBytes(1).CopyTo(bytes, entry + 24);
        File.WriteAllBytes(world.In("lie.zip"), bytes);
        try
        {
            world.Guarded.ExtractZip("lie.zip", "out", new ArchiveOptions { MaxEntryBytes = 1_000 }).Bytes.Should().BeLessThan(1_000);
        }
        catch (ArchiveException)
        {
            Directory.Exists(world.In("out")).Should().BeFalse();
        }
    }

    [Theory]
    [InlineData("x", " size=9\n")]
    [InlineData("x", " GNU.sparse.realsize=99999999999\n")]
    [InlineData("g", " size=9\n")]
    public void A_tar_that_states_a_size_twice_is_refused(string type, string record)
    {
        using var world = new AttackWorld();
        using (var archive = File.Create(world.In("in.tar")))
        {
            var text = Encoding.ASCII.GetBytes($"{record.Length + 2}{record}");
            archive.Write(HostileArchive.TarHeader("header", text.Length, type[0]));
            archive.Write(HostileArchive.Padded(text));
            archive.Write(HostileArchive.TarHeader("a.txt", 0, '0'));
            archive.Write(new byte[1024]);
        }

        CheckRefused(world, files => files.ExtractTar("in.tar", "out"));
    }

    [Theory]
    [InlineData('x')]
    [InlineData('g')]
    [InlineData('L')]
    [InlineData('K')]
    public void A_tar_header_that_asks_for_gigabytes_is_refused_before_it_is_read(char type)
    {
        using var world = new AttackWorld();
        foreach (var first in new[] { "good.txt", string.Empty })
        {
            using (var archive = File.Create(world.In("in.tar")))
            {
                // A header without a name is no end of the archive for every reader.
                archive.Write(HostileArchive.TarHeader(first, 0, '0'));
                archive.Write(HostileArchive.TarHeader("header", 0x7fff_0000, type));
                archive.Write(new byte[1024]);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            CheckRefused(world, files => files.ExtractTar("in.tar", "out"));
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(64 << 20);
        }
    }

    [Fact]
    public void Damaged_archives_end_in_the_documented_exceptions_only()
    {
        using var world = new AttackWorld();
        HostileArchive.Zip(world.In("good.zip"), ("a.txt", "aaaa"), ("b/c.txt", "cccc"));
        HostileArchive.Tar(world.In("good.tar"), HostileArchive.TarFile("a.txt"), HostileArchive.TarFile("b/c.txt"));
        var random = new Random(7);
        foreach (var name in new[] { "good.zip", "good.tar" })
        {
            var good = File.ReadAllBytes(world.In(name));
            for (var turn = 0; turn < 400; turn++)
            {
                var bytes = turn % 3 == 0 ? good[..random.Next(good.Length)] : [.. good];
                for (var i = random.Next(1, 8); i > 0 && bytes.Length > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                File.WriteAllBytes(world.In("damaged"), bytes);
                try
                {
                    _ = name.EndsWith("zip", StringComparison.Ordinal)
                        ? world.Guarded.ExtractZip("damaged", "out", new ArchiveOptions { Overwrite = true })
                        : world.Guarded.ExtractTar("damaged", "out", new ArchiveOptions { Overwrite = true });
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    error.Message.Should().NotContain(world.Root);
                }

                Directory.GetFileSystemEntries(world.Outside).Should().ContainSingle();
            }
        }
    }

    [Fact]
    public void The_same_archives_do_harm_where_nothing_guards()
    {
        using var world = new AttackWorld();
        HostileArchive.Zip(world.In("in.zip"), ("../outside/planted.txt", "bad"));
        using var zip = ZipFile.OpenRead(world.In("in.zip"));

        // What a careless program does with an entry's name.
#pragma warning disable CA5389 // The path is not checked on purpose: this is the attack.
        zip.Entries[0].ExtractToFile(Path.Combine(world.Root, zip.Entries[0].FullName));
#pragma warning restore CA5389

        File.Exists(Path.Combine(world.Outside, "planted.txt")).Should().BeTrue();
    }

    private static Exception CheckRefused(AttackWorld world, Func<GuardedFileSystem, ArchiveReport> extract)
    {
        var outside = world.DescribeOutside();
        var before = Tree(world.Root);

        var error = Record.Exception(() => extract(world.Guarded));

        error.Should().Match<Exception>(found => found is IOException || found is UnauthorizedAccessException);
        error!.Message.Should().NotContain(world.Root);
        world.DescribeOutside().Should().Be(outside);
        Tree(world.Root).Should().Be(before);
        return error;
    }

    private static string Tree(string root) => string.Join('\n', Directory
        .EnumerateFileSystemEntries(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Order(StringComparer.Ordinal)
        .Select(path => path + (File.Exists(path) ? new FileInfo(path).Length.ToString(System.Globalization.CultureInfo.InvariantCulture) : "/")));
}
