#pragma warning disable CA1416, CS0618 // Modes, and the old way to temporary files, are members like any other; these tests run on Linux.
using LangGuard.Files;
using LangGuard.Permissions;

namespace LangGuard.SecurityTests.Files;

/// <summary>Attacks on the file guard, each with the same effect shown to be possible without it where that matters.</summary>
public sealed class FileAttackTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<FileConfinement> Backends =>
        new(FileConfinement.KernelBeneath, FileConfinement.HandleWalk, FileConfinement.VerifyAfterOpen);

    [Theory]
    [MemberData(nameof(Backends))]
    public void Denied_write_through_a_link_leaves_size_and_times(FileConfinement backend)
    {
        using var world = new AttackWorld(files => files.Read("**").Write("**").Deny("private/**", FilePermissions.Modify), backend);
        world.Write("private/ledger.txt", "ledger");
        world.Link("draft.txt", "private/ledger.txt");
        var before = new FileInfo(world.In("private/ledger.txt")).LastWriteTimeUtc;

        foreach (var act in Writers(world.Guarded, "draft.txt"))
        {
            Rule(act).Should().Be("files.denied");
        }

        File.ReadAllText(world.In("private/ledger.txt")).Should().Be("ledger");
        new FileInfo(world.In("private/ledger.txt")).LastWriteTimeUtc.Should().Be(before);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task Pipes_never_block_and_are_never_opened(FileConfinement backend)
    {
        using var world = new AttackWorld(backend: backend);
        world.Pipe("pipe");
        world.Link("link", "pipe");
        world.Write("a.txt");

        foreach (var name in new[] { "pipe", "link" })
        {
            Action[] acts =
            [
                () => world.Guarded.File.ReadAllText(name), () => world.Guarded.File.OpenRead(name), .. Writers(world.Guarded, name),
                () => world.Guarded.File.Copy(name, "out.txt"), () => world.Guarded.File.Copy("a.txt", name, true),
                () => world.Guarded.File.OpenHandle(name),
            ];
            foreach (var act in acts)
            {
                var work = Task.Run(() => Rule(act));
                (await work.WaitAsync(Patience)).Should().Be("files.not-regular");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Hard_links_to_outside_or_to_denied_names_are_not_opened(FileConfinement backend)
    {
        using var world = new AttackWorld(files => files.Read("**").Write("**").Delete("**").Deny("private/**"), backend);
        world.Write("private/salaries.txt");
        world.Write("shared.txt", "both");
        world.HardLink("leak.txt", world.OutsideFile);
        world.HardLink("inner.txt", world.In("private", "salaries.txt"));
        world.HardLink("shared2.txt", world.In("shared.txt"));

        Rule(() => world.Guarded.File.ReadAllText("leak.txt")).Should().Be("files.hard-link");
        Rule(() => world.Guarded.File.ReadAllText("inner.txt")).Should().Be("files.denied");
        world.Guarded.File.ReadAllText("shared2.txt").Should().Be("both");
        foreach (var act in Writers(world.Guarded, "leak.txt"))
        {
            Rule(act).Should().Be("files.hard-link");
        }

        Rule(() => world.Guarded.File.Move("leak.txt", "moved.txt")).Should().Be("files.hard-link");
        File.ReadAllText(world.OutsideFile).Should().Be(AttackWorld.Secret);
        world.Guarded.File.Delete("leak.txt");
        File.Exists(world.OutsideFile).Should().BeTrue();
    }

    [Fact]
    public void A_hard_link_made_outside_later_is_noticed()
    {
        using var world = new AttackWorld();
        world.Write("a.txt");
        world.HardLink("b.txt", world.In("a.txt"));
        world.Guarded.File.ReadAllText("b.txt").Should().Be("inside");

        File.Delete(world.In("a.txt"));
        File.Move(world.In("b.txt"), Path.Combine(world.Outside, "b.txt"));
        world.HardLink("c.txt", Path.Combine(world.Outside, "b.txt"));

        Rule(() => world.Guarded.File.ReadAllText("c.txt")).Should().Be("files.hard-link");
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Secrets_do_not_leave_by_a_detour(FileConfinement backend)
    {
        using var world = new AttackWorld(backend: backend);
        world.Write(".env", "KEY=1");
        world.Write("box/.env", "KEY=2");
        world.Write("box/plain.txt");
        world.Link("innocent.txt", ".env");
        world.Link("up", ".");
        Action[] acts =
        [
            () => world.Guarded.File.ReadAllText("innocent.txt"), () => world.Guarded.File.ReadAllText("up/.env"),
            () => world.Guarded.File.ReadAllText("up/up/up/.env"), () => world.Guarded.File.Copy(".env", "x"), () => world.Guarded.File.Move(".env", "x"),
            () => world.Guarded.Directory.Move("box", "chest"), () => world.Guarded.Directory.Delete("box", true),
            () => world.Guarded.File.Replace("box/plain.txt", ".env", null), () => world.Guarded.File.Replace(".env", "box/plain.txt", "x"),
            () => world.Guarded.FileInfo.New("box/.env").CopyTo("x"), () => world.Guarded.FileInfo.New(".env").OpenText(),
            () => world.Guarded.File.OpenHandle(".env"), () => world.Guarded.File.SetLastWriteTimeUtc(".env", DateTime.UnixEpoch),
            () => world.Guarded.File.CreateSymbolicLink(".bashrc", "box/plain.txt"), () => world.Guarded.FileVersionInfo.GetVersionInfo(".env"),
            () => world.Guarded.File.Move("box/plain.txt", ".git/hooks/pre-commit"), () => world.Guarded.Directory.CreateDirectory(".git/hooks/x"),
            () => world.Guarded.Directory.CreateDirectory("a/.ssh/b"), () => world.Guarded.File.WriteAllText("x/../.mcp.json", "{}"),
        ];

        acts.Should().AllSatisfy(act => Rule(act).Should().Be("files.sensitive"));
        File.ReadAllText(world.In(".env")).Should().Be("KEY=1");
        File.Exists(world.In("box", ".env")).Should().BeTrue();
        Directory.Exists(world.In("a")).Should().BeFalse("nothing is created on the way to a denied name");
    }

    [Fact]
    public void A_sensitive_file_is_unlocked_by_its_exact_name_only()
    {
        using var world = new AttackWorld(files => files.Read("**").UnguardedSensitiveFile("config/.env"));
        world.Write("config/.env", "KEY=1");
        world.Write(".env", "KEY=2");

        world.Guarded.File.ReadAllText("config/.env").Should().Be("KEY=1");
        Rule(() => world.Guarded.File.ReadAllText(".env")).Should().Be("files.sensitive");
        Rule(() => world.Guarded.File.WriteAllText("config/.env", "x")).Should().Be("files.not-granted");
    }

    [Fact]
    public void Outside_the_scope_existing_and_missing_answer_alike()
    {
        using var world = new AttackWorld(files => files.Read("docs/**").Deny("docs/hidden/**"));
        world.Write("docs/a.md");
        world.Write("private/a.txt");
        world.Write("docs/hidden/a.txt");
        world.Pipe("private-pipe");
        world.Link("docs/out", world.OutsideFile);
        (string There, string Missing)[] pairs =
        [
            ("private/a.txt", "private/b.txt"), ("docs/hidden/a.txt", "docs/hidden/b.txt"), ("private-pipe", "private-none"),
            ("docs/out", "docs/out"), (world.OutsideFile, Path.Combine(world.Outside, "none.txt")), ("private", "none"),
        ];

        foreach (var (there, missing) in pairs)
        {
            foreach (var probe in Probes(world.Guarded))
            {
                Answer(probe, there).Should().Be(Answer(probe, missing), $"{there} and {missing}");
            }
        }
    }

    [Fact]
    public void Errors_and_objects_hold_no_host_path()
    {
        using var world = new AttackWorld();
        world.Write("docs/a.md");
        world.Link("abs", world.In("docs", "a.md"));
        world.Link("out", world.OutsideFile);
        var guarded = world.Guarded;
        List<string> texts = [];
        Action[] acts =
        [
            () => guarded.File.ReadAllText("none"), () => guarded.File.ReadAllText("x/none"), () => guarded.File.ReadAllText("docs"),
            () => guarded.Directory.Delete("docs"), () => guarded.Directory.GetFiles("none"), () => guarded.File.Move("docs/a.md", "none/x"),
            () => guarded.File.ReadAllText("out"), () => guarded.File.Create("docs").Dispose(), () => guarded.File.Copy("none", "x"),
            () => guarded.File.Open("docs/a.md", FileMode.CreateNew).Dispose(), () => guarded.Directory.Move("docs", "docs/x"),
            () => guarded.FileInfo.New("none").Length.ToString(), () => guarded.FileSystemWatcher.New("none"),
            () => guarded.Directory.SetCurrentDirectory("none"), () => guarded.File.OpenHandle("none"),
        ];
        foreach (var act in acts)
        {
            texts.Add(act.Should().Throw<Exception>().Which.ToString());
        }

        using (var stream = guarded.File.OpenRead("abs"))
        {
            texts.AddRange([stream.Name, stream.ToString()!]);
        }

        texts.AddRange(
        [
            guarded.FileInfo.New("abs").LinkTarget!, guarded.FileInfo.New("abs").FullName, guarded.Directory.GetCurrentDirectory(),
            guarded.Path.GetFullPath("docs"), guarded.Path.GetTempPath(), guarded.File.ResolveLinkTarget("abs", true)!.FullName,
            guarded.Directory.GetDirectoryRoot("docs"), string.Join(' ', guarded.Directory.GetLogicalDrives()),
            guarded.DriveInfo.GetDrives()[0].Name, guarded.DirectoryInfo.New(world.Root).FullName,
        ]);
        texts.Should().AllSatisfy(text => text.Should().NotContain(world.Root).And.NotContain(world.Outside));
    }

    [Fact]
    public void Handles_in_foreign_hands_lead_nowhere()
    {
        using var world = new AttackWorld();
        world.Write("a.txt", "inside");
        using var handle = world.Guarded.File.OpenHandle("a.txt", FileMode.Open, FileAccess.ReadWrite);
        using var foreign = File.OpenHandle(world.OutsideFile, FileMode.Open, FileAccess.ReadWrite);
        using var foreignStream = File.OpenRead(world.OutsideFile);
        var buffer = new byte[64];

        // The platform, given the handle, finds nothing behind it.
        using (var stream = new FileStream(handle, FileAccess.Read, 0))
        {
            stream.Read(buffer).Should().Be(0);
        }

        File.ReadAllText(world.In("a.txt")).Should().Be("inside");
        Rule(() => world.Guarded.RandomAccess.Read(foreign, buffer, 0)).Should().Be("files.foreign-object");
        Rule(() => world.Guarded.RandomAccess.Write(foreign, buffer, 0)).Should().Be("files.foreign-object");
        Rule(() => world.Guarded.FileStream.New(foreign, FileAccess.Read)).Should().Be("files.foreign-object");
        Rule(() => world.Guarded.FileStream.Wrap(foreignStream)).Should().Be("files.foreign-object");
        Rule(() => world.Guarded.File.GetAttributes(foreign)).Should().Be("files.foreign-object");
        Rule(() => world.Guarded.FileInfo.Wrap(new FileInfo(world.OutsideFile))).Should().Be("files.foreign-object");
        Rule(() => world.Guarded.DirectoryInfo.Wrap(new DirectoryInfo(world.Outside))).Should().Be("files.foreign-object");
    }

    [Fact]
    public void A_handle_of_one_session_is_foreign_to_another()
    {
        using var world = new AttackWorld();
        using var other = new AttackWorld();
        world.Write("a.txt");
        using var handle = world.Guarded.File.OpenHandle("a.txt");

        Rule(() => other.Guarded.RandomAccess.GetLength(handle)).Should().Be("files.foreign-object");
    }

    [Fact]
    public void Open_streams_end_with_the_session_a_freeze_and_a_revocation()
    {
        using var world = new AttackWorld();
        world.Write("a.txt");
        using var writer = world.Guarded.File.Open("a.txt", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        using var reader = world.Guarded.File.Open("a.txt", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

        world.Session.Freeze();
        Rule(() => writer.Write("x"u8)).Should().Be("misuse.frozen");
        reader.ReadByte().Should().Be('i');
        world.Session.Unfreeze();
        writer.Write("x"u8);
        world.Session.Dispose();

        Rule(() => reader.ReadByte()).Should().Be("session.ended");
        Rule(() => writer.Write("x"u8)).Should().Be("session.ended");
    }

    [Fact]
    public void Programs_are_not_written_by_any_detour()
    {
        using var world = new AttackWorld();
        byte[] elf = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0];
        File.WriteAllBytes(world.In("tool"), elf);
        world.Write("half", "\u007f");
        var guarded = world.Guarded;
        Action[] acts =
        [
            () => guarded.File.WriteAllBytes("x", elf), () => guarded.File.AppendAllBytes("half", elf.AsSpan(1)),
            () => guarded.File.Copy("tool", "copy"), () => Stream(guarded, stream => stream.Write(elf)),
            () => Stream(guarded, stream => Array.ForEach(elf, stream.WriteByte)),
            () => Stream(guarded, stream =>
            {
                stream.Seek(1, SeekOrigin.Begin);
                stream.Write(elf.AsSpan(1));
                stream.Seek(0, SeekOrigin.Begin);
                stream.Write(elf.AsSpan(0, 1));
            }),
            () =>
            {
                using var handle = guarded.File.OpenHandle("h", FileMode.Create, FileAccess.Write);
                guarded.RandomAccess.Write(handle, elf.AsSpan(2), 2);
                guarded.RandomAccess.Write(handle, elf.AsSpan(0, 2), 0);
            },
        ];

        acts.Should().AllSatisfy(act => Rule(act).Should().Be("files.content-kind"));
        Rule(() => guarded.File.SetUnixFileMode("half", UnixFileMode.UserRead | UnixFileMode.UserExecute)).Should().Be("files.executable");
        Rule(() => guarded.Directory.CreateDirectory("d", UnixFileMode.SetUser | UnixFileMode.UserRead)).Should().Be("files.executable");
    }

    [Fact]
    public void Extensions_hold_for_every_way_of_naming_a_file()
    {
        using var world = new AttackWorld(files => files.Read("**").Delete("**").Write("**", rule => rule.WriteExtensions.Add(".md")));
        world.Write("a.md");
        world.Write("b.sh");
        world.Link("c.md", "b.sh");
        Action[] acts =
        [
            () => world.Guarded.File.WriteAllText("x.sh", "x"), () => world.Guarded.File.Move("a.md", "a.sh"), () => world.Guarded.File.Copy("a.md", "a.sh"),
            () => world.Guarded.File.Create("x.sh"), () => world.Guarded.File.AppendAllText("c.md", "x"), () => world.Guarded.File.WriteAllText("x", "x"),
        ];

        acts.Should().AllSatisfy(act => Rule(act).Should().Be("files.extension"));
        world.Guarded.File.WriteAllText("x.MD", "x");
    }

    [Fact]
    public void Links_are_made_only_to_what_stays_inside()
    {
        using var world = new AttackWorld();
        world.Write("a/b.txt");
        world.Link("exit", world.Outside);
        foreach (var target in new[] { "../outside/secret.txt", world.OutsideFile, "/etc/passwd", "a/../../outside", "exit/secret.txt", "../../kb" })
        {
            Rule(() => world.Guarded.File.CreateSymbolicLink("x", target)).Should().Be("files.link-target");
            Rule(() => world.Guarded.FileInfo.New("y").CreateAsSymbolicLink(target)).Should().Be("files.link-target");
        }

        world.Guarded.File.CreateSymbolicLink("ok", "a/b.txt");
        world.Guarded.File.ReadAllText("ok").Should().Be("inside");
        using var closed = new AttackWorld(files => files.Read("**").Write("**"));
        Rule(() => closed.Guarded.File.CreateSymbolicLink("x", "a")).Should().Be("files.not-granted");
    }

    [Fact]
    public void The_current_directory_is_the_sessions_own()
    {
        using var world = new AttackWorld();
        world.Write("docs/a.md", "doc");
        var process = Environment.CurrentDirectory;

        world.Guarded.Directory.SetCurrentDirectory("docs");

        world.Guarded.File.ReadAllText("a.md").Should().Be("doc");
        Rule(() => world.Guarded.File.ReadAllText("../../outside/secret.txt")).Should().Be("files.outside-root");
        Environment.CurrentDirectory.Should().Be(process);
        Rule(() => world.Guarded.Directory.SetCurrentDirectory(world.Outside)).Should().Be("files.outside-root");
        Rule(() => world.Guarded.Directory.SetCurrentDirectory("../..")).Should().Be("files.outside-root");
    }

    [Fact]
    public void Temporary_files_stay_in_the_root()
    {
        using var world = new AttackWorld();

        var file = world.Guarded.Path.GetTempFileName();
        var folder = world.Guarded.Directory.CreateTempSubdirectory("x");

        Directory.GetFiles(world.In(".tmp")).Should().ContainSingle().Which.Should().EndWith(Path.GetFileName(file));
        folder.FullName.Should().StartWith("/kb/.tmp/x");
        var climb = () => world.Guarded.Directory.CreateTempSubdirectory("../../x");
        climb.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Navigation_ends_at_the_root()
    {
        using var world = new AttackWorld();
        var root = world.Guarded.DirectoryInfo.New(".");

        root.Parent.Should().BeNull();
        root.Root.FullName.Should().Be("/kb");
        world.Guarded.Directory.GetParent(".").Should().BeNull();
        world.Guarded.DirectoryInfo.New("..").Exists.Should().BeFalse();
        world.Guarded.DirectoryInfo.New("../..").GetType().Should().NotBeNull();
        Rule(() => world.Guarded.DirectoryInfo.New("..").GetFiles()).Should().Be("files.outside-root");
        Rule(() => world.Guarded.Directory.Delete(".", true)).Should().Be("files.root");
        Rule(() => world.Guarded.Directory.Delete("/kb", true)).Should().Be("files.root");
        Rule(() => world.Guarded.Directory.Move("/kb", "/kb/x")).Should().Be("files.root");
        Rule(() => world.Guarded.DirectoryInfo.New(world.Root).Delete(true)).Should().Be("files.root");
    }

    [Fact]
    public void A_root_of_the_same_name_in_another_policy_is_another_root()
    {
        using var world = new AttackWorld();
        using var other = new AttackWorld();
        world.Write("a.txt");
        using var child = world.Session.CreateChild(other.Session.Policy);

        Rule(() => child.FileSystem.File.ReadAllText("a.txt")).Should().Be("files.outside-root");
    }

    [Fact]
    public void Ill_formed_names_are_refused()
    {
        using var world = new AttackWorld();
        foreach (var name in new[] { "a\uD800.txt", "\uDC00", "x/\uD83D/y", "a\0b" })
        {
            var read = () => world.Guarded.File.ReadAllText(name);
            var write = () => world.Guarded.File.WriteAllText(name, "x");
            read.Should().Throw<ArgumentException>();
            write.Should().Throw<ArgumentException>();
            world.Guarded.File.Exists(name).Should().BeFalse();
        }

        Directory.GetFileSystemEntries(world.Root).Should().BeEmpty();
    }

    [Theory]
    [InlineData("NUL")]
    [InlineData("sub/con.txt")]
    [InlineData("com¹")]
    [InlineData("LPT9.log")]
    [InlineData("CONIN$")]
    [InlineData("a.txt:hidden")]
    [InlineData("trailing.")]
    [InlineData("trailing ")]
    [InlineData("GIT~1/config")]
    [InlineData("a\\..\\b")]
    [InlineData("x?")]
    [InlineData("tab\t")]
    public void Portable_names_refuse_what_windows_reads_differently(string name)
    {
        using var world = new AttackWorld(files => files.Read("**").Write("**").UsePortableNames());

        Rule(() => world.Guarded.File.WriteAllText(name, "x")).Should().Be("files.unclear-name");
        Rule(() => world.Guarded.File.ReadAllText(name)).Should().Be("files.unclear-name");
    }

    [Fact]
    public void Protected_files_are_out_of_reach_by_every_name()
    {
        using var world = new AttackWorld();
        var database = Path.Combine(world.Outside, "shop.db");
        File.WriteAllText(database, "SQLite format 3");
        world.HardLink("shop-copy.db", database);
        var policy = Policy.Create(guard =>
        {
            guard.Collect<ProtectedPaths>().Add(database);
            guard.LimitPermissions(allow => allow.Files("kb", world.Root, files => files.Read("**").Write("**").Delete("**").UnguardedHardLinks()));
        });
        using var session = GuardSession.Create(policy, new Principal("attacker"));

        Rule(() => session.FileSystem.File.ReadAllText("shop-copy.db")).Should().Be("files.protected");
        Rule(() => session.FileSystem.File.WriteAllText("shop-copy.db", "x")).Should().Be("files.protected");
        Rule(() => session.FileSystem.File.Delete("shop-copy.db")).Should().Be("files.protected");
        Rule(() => session.FileSystem.File.Move("shop-copy.db", "x")).Should().Be("files.protected");
        File.ReadAllText(database).Should().Be("SQLite format 3");
    }

    [Theory]
    [InlineData("root/shop.db")]
    [InlineData("root/data/shop.db")]
    [InlineData("root")]
    [InlineData("")]
    public void A_root_that_overlaps_what_others_rely_on_is_an_error(string place)
    {
        using var world = new AttackWorld();
        var build = () => Policy.Create(guard =>
        {
            guard.Collect<ProtectedPaths>().Add(Path.Combine(Path.GetDirectoryName(world.Root)!, place));
            guard.LimitPermissions(allow => allow.Files("kb", world.Root, files => files.Read("**")));
        });

        build.Should().Throw<PolicyValidationException>().Which.Message.Should().Contain("overlaps");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/..")]
    [InlineData("/proc/..")]
    [InlineData("relative")]
    [InlineData("/none/at/all")]
    [InlineData("")]
    public void A_root_that_is_none_is_an_error(string root)
    {
        var build = () => Policy.Create(guard => guard.LimitPermissions(allow => allow.Files("kb", root, files => files.Read("**"))));

        build.Should().Throw<PolicyValidationException>();
    }

    [Fact]
    public void Planting_a_journal_beside_a_database_is_denied()
    {
        using var world = new AttackWorld();
        foreach (var name in new[] { "shop.db-journal", "shop.sqlite-wal", "data/x.db3-shm" })
        {
            Rule(() => world.Guarded.File.WriteAllText(name, "x")).Should().Be("files.sensitive");
        }
    }

    [Fact]
    public void Nothing_is_left_open()
    {
        using var world = new AttackWorld();
        world.Write("a/b/c/d.txt");
        world.Link("l", "a/b");
        world.Link("out", world.OutsideFile);
        world.Pipe("pipe");
        void Round()
        {
            foreach (var act in Probes(world.Guarded).Select<Func<string, object?>, Action<string>>(probe => name => probe(name)))
            {
                foreach (var name in new[] { "a/b/c/d.txt", "l/c/d.txt", "out", "pipe", "none", "l/none", "a", "../x" })
                {
                    try
                    {
                        act(name);
                    }
                    catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                    {
                        // Refused or missing: what counts is what stays open.
                    }
                }
            }
        }

        Round();
        var before = OpenFiles();
        for (var i = 0; i < 200; i++)
        {
            Round();
        }

        OpenFiles().Should().BeLessThan(before + 50);

        // Sockets are other tests'.
        static int OpenFiles() => Directory.GetFiles("/proc/self/fd").Count(descriptor =>
        {
            try
            {
                return File.ResolveLinkTarget(descriptor, returnFinalTarget: false) is { } target
                    && !target.Name.StartsWith("socket:", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        });
    }

    private static IEnumerable<Action> Writers(GuardedFileSystem files, string name) =>
    [
        () => files.File.WriteAllText(name, "X"), () => files.File.AppendAllText(name, "X"), () => files.File.Create(name),
        () => files.File.OpenWrite(name), () => files.File.Open(name, FileMode.Truncate), () => files.File.Open(name, FileMode.Open, FileAccess.ReadWrite),
        () => files.File.CreateText(name), () => files.File.AppendText(name), () => files.File.OpenHandle(name, FileMode.OpenOrCreate, FileAccess.Write),
        () => files.FileStream.New(name, FileMode.Append),
    ];

    private static IEnumerable<Func<string, object?>> Probes(GuardedFileSystem files) =>
    [
        name => files.File.Exists(name), name => files.File.ReadAllText(name), name => files.File.GetAttributes(name),
        name => files.Directory.Exists(name), name => files.FileInfo.New(name).LastWriteTimeUtc, name => files.Directory.GetFiles(name),
        name => files.FileInfo.New(name).LinkTarget, name => files.Path.Exists(name), name => { files.File.OpenRead(name).Dispose(); return null; },
    ];

    private static string Answer(Func<string, object?> probe, string name)
    {
        try
        {
            return $"{probe(name)}";
        }
        catch (Exception error)
        {
            return error is IAccessDenied denied ? denied.Decision.Reason!.Rule : error.GetType().Name;
        }
    }

    private static void Stream(GuardedFileSystem files, Action<Stream> write)
    {
        using var stream = files.File.Create("stream.bin");
        write(stream);
    }

    private static string Rule(Action act) => act.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule;

    private static string Rule<T>(Func<T> act) => Rule((Action)(() => act()));
}
