#pragma warning disable CA1416 // Modes and links are Linux's; these tests run there.
using System.Net.Sockets;
using LangGuard.Files;

namespace LangGuard.SecurityTests.Files;

/// <summary>Objects that were handed out and names that became something else since; links into the kernel's own folders; every
/// way to ask for more than is granted.</summary>
public sealed class SwapAttackTests
{
    public static TheoryData<FileConfinement> Backends =>
        [FileConfinement.KernelBeneath, FileConfinement.HandleWalk, FileConfinement.VerifyAfterOpen];

    public static TheoryData<string> KernelLinks =>
    [
        "/proc/self/root/etc/passwd", "/proc/self/cwd", "/proc/self/environ", "/proc/self/fd/0", "/proc/self/exe", "/dev/fd/0", "/dev/stdin",
        "/dev/null", "/dev/zero", "/proc/self/mem", "/proc/thread-self/root", "/sys/kernel", "/dev/tty",
    ];

    public static TheoryData<string> Patterns =>
    [
        "../*", "..", "../outside/*", "sub/../../outside/*", "*/../../outside/*", "/etc/*", "//etc/*", "./../*", "sub/..", "away/../../outside/*", "..//*",
    ];

    [Theory]
    [MemberData(nameof(Backends))]
    public void An_info_object_whose_name_became_a_link_leads_nowhere(FileConfinement backend)
    {
        using var world = new AttackWorld(backend: backend);
        world.Write("a.txt");
        world.Write("sub/b.txt");
        world.Write("target.txt");
        var file = world.Guarded.FileInfo.New("a.txt");
        var folder = world.Guarded.DirectoryInfo.New("sub");
        file.Exists.Should().BeTrue();
        folder.Exists.Should().BeTrue();
        var length = file.Length;
        var outside = world.DescribeOutside();

        File.Delete(world.In("a.txt"));
        world.Link("a.txt", world.OutsideFile);
        Directory.Delete(world.In("sub"), true);
        world.Link("sub", world.Outside);
        file.Refresh();
        folder.Refresh();

        file.Exists.Should().BeFalse();
        folder.Exists.Should().BeFalse();
        foreach (var act in new Action[]
        {
            () => Use(file.Length), () => file.OpenRead().Dispose(), () => file.OpenText().Dispose(), () => file.OpenWrite().Dispose(), () => file.AppendText().Dispose(),
            () => file.CopyTo("copy.txt"), () => file.Replace("target.txt", null), () => file.LastWriteTimeUtc = DateTime.UnixEpoch, () => Use(file.Attributes),
            () => Use(file.LinkTarget!), () => file.Attributes = FileAttributes.ReadOnly, () => file.IsReadOnly = true, () => Use(file.ResolveLinkTarget(true)!), () => Use(file.UnixFileMode),
            () => file.UnixFileMode = UnixFileMode.UserRead, () => file.Create().Dispose(), () => file.Open(FileMode.Truncate).Dispose(), () => file.Decrypt(), () => file.Encrypt(),
            () => folder.GetFiles(), () => Use(folder.EnumerateFileSystemInfos().ToList()), () => folder.CreateSubdirectory("x"), () => folder.Delete(true),
            () => folder.MoveTo("elsewhere"), () => Use(folder.LinkTarget!), () => folder.LastWriteTimeUtc = DateTime.UnixEpoch, () => Use(folder.CreationTimeUtc),
        })
        {
            // A link itself may be deleted or moved: that reaches nothing.
            var error = Record.Exception(act);
            (error?.Message ?? string.Empty).Should().NotContain(world.Outside).And.NotContain(AttackWorld.Secret);
            world.DescribeOutside().Should().Be(outside);
        }

        length.Should().Be(6);
        world.DescribeOutside().Should().Be(outside);
        Directory.EnumerateFiles(world.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Should().NotContain(path => File.ReadAllText(path).Contains(AttackWorld.Secret));
    }

    [Theory]
    [MemberData(nameof(KernelLinks))]
    public void A_link_into_the_kernels_folders_is_refused(string target)
    {
        foreach (var backend in new[] { FileConfinement.KernelBeneath, FileConfinement.HandleWalk, FileConfinement.VerifyAfterOpen })
        {
            using var world = new AttackWorld(backend: backend);
            world.Link("link", target);
            foreach (var act in new Action[]
            {
                () => world.Guarded.File.ReadAllBytes("link"), () => world.Guarded.File.WriteAllText("link", "x"), () => world.Guarded.File.ReadAllText("link/status"),
                () => world.Guarded.Directory.GetFiles("link"), () => world.Guarded.File.GetAttributes("link"), () => world.Guarded.File.Copy("link", "copy"),
                () => world.Guarded.FileStream.New("link", FileMode.Open).Dispose(), () => Use(world.Guarded.FileInfo.New("link").LinkTarget!),
            })
            {
                act.Should().Throw<UnauthorizedAccessException>();
            }

            world.Guarded.File.Exists("link").Should().BeFalse();
            Directory.GetFileSystemEntries(world.Root).Should().ContainSingle();
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void A_pattern_stays_in_its_folder_whatever_the_options(string pattern)
    {
        using var world = new AttackWorld();
        world.Write("sub/a.txt");
        world.Link("away", world.Outside);
        foreach (var options in new EnumerationOptions[]
        {
            new(), new() { RecurseSubdirectories = true, AttributesToSkip = 0 },
            new() { ReturnSpecialDirectories = true, MatchType = MatchType.Win32, MatchCasing = MatchCasing.CaseInsensitive, MaxRecursionDepth = int.MaxValue },
        })
        {
            var list = () => world.Guarded.Directory.EnumerateFileSystemEntries(".", pattern, options).ToList();
            list.Should().Throw<Exception>().Which.Should().Match(error => error is UnauthorizedAccessException || error is IOException || error is ArgumentException);
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Recursion_walks_through_no_link_and_shows_nothing_of_where_it_leads(FileConfinement backend)
    {
        using var world = new AttackWorld(backend: backend);
        world.Write("sub/a.txt");
        world.Link("sub/away", world.Outside);
        world.Link("sub/up", "../..");
        world.Link("sub/loop", ".");
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, ReturnSpecialDirectories = true };

        var names = world.Guarded.Directory.GetFileSystemEntries(".", "*", all)
            .Concat(world.Guarded.DirectoryInfo.New(".").EnumerateFileSystemInfos("*", all).Select(info => info.FullName)).ToList();

        names.Should().NotContain(name => name.Contains("secret", StringComparison.Ordinal) || name.Contains(world.Root, StringComparison.Ordinal));
        names.Should().Contain(name => name.EndsWith("sub/a.txt", StringComparison.Ordinal));
        var through = () => world.Guarded.Directory.GetFileSystemEntries("sub/away");
        through.Should().Throw<AccessDeniedException>();
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_socket_is_no_file(FileConfinement backend)
    {
        using var world = new AttackWorld(backend: backend);
        world.Write("a.txt");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(world.In("sock")));
        socket.Listen();

        foreach (var act in new Action[]
        {
            () => world.Guarded.File.ReadAllText("sock"), () => world.Guarded.File.WriteAllText("sock", "x"), () => world.Guarded.File.AppendAllText("sock", "x"),
            () => world.Guarded.File.Copy("sock", "b"), () => world.Guarded.File.Copy("a.txt", "sock", true), () => world.Guarded.File.OpenHandle("sock").Dispose(),
            () => world.Guarded.FileStream.New("sock", FileMode.OpenOrCreate).Dispose(), () => world.Guarded.File.SetUnixFileMode("sock", UnixFileMode.UserRead),
        })
        {
            act.Should().Throw<UnauthorizedAccessException>();
        }
    }

    [Fact]
    public void A_root_that_is_exchanged_behind_the_guard_stays_the_one_that_was_opened()
    {
        using var world = new AttackWorld();
        world.Write("a.txt");
        Directory.Move(world.Root, world.Root + ".old");
        Directory.CreateSymbolicLink(world.Root, world.Outside);
        try
        {
            world.Guarded.File.ReadAllText("a.txt").Should().Be("inside");
            world.Guarded.File.Exists("secret.txt").Should().BeFalse();
            world.Guarded.File.WriteAllText("new.txt", "new");
            world.Guarded.Directory.GetFiles(".").Should().HaveCount(2);
            Directory.GetFileSystemEntries(world.Outside).Should().ContainSingle();
        }
        finally
        {
            Directory.Delete(world.Root);
            Directory.Move(world.Root + ".old", world.Root);
        }
    }

    [Fact]
    public void No_way_to_make_a_file_gives_rights_to_execute_or_another_identity()
    {
        using var world = new AttackWorld();
        world.Write("a.sh", "echo");
        const UnixFileMode run = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var act in new Action[]
        {
            () => world.Guarded.File.SetUnixFileMode("a.sh", run),
            () => world.Guarded.File.SetUnixFileMode("a.sh", UnixFileMode.UserRead | UnixFileMode.SetUser),
            () => world.Guarded.FileInfo.New("a.sh").UnixFileMode = run,
            () => world.Guarded.FileStream.New("b.sh", new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = run }).Dispose(),
            () => world.Guarded.File.Open("c.sh", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.SetUser }).Dispose(),
            () => world.Guarded.Directory.CreateDirectory("d", run | UnixFileMode.SetGroup),
            () => Use(world.Guarded.File.OpenHandle("a.sh", FileMode.Open, FileAccess.ReadWrite), handle => world.Guarded.File.SetUnixFileMode(handle, run)),
        })
        {
            act.Should().Throw<AccessDeniedException>().Which.Decision.Reason!.Rule.Should().Be("files.executable");
        }

        const UnixFileMode bad = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.SetUser | UnixFileMode.SetGroup;
        Directory.GetFiles(world.Root).Should().OnlyContain(path => (File.GetUnixFileMode(path) & bad) == 0);
    }

    [Fact]
    public void A_length_is_counted_however_it_comes_about()
    {
        using var world = new AttackWorld(files => files.Read("**").Write("**").Delete("**").Limit(limits => limits.WriteBytes = 1_000));
        world.Write("a.bin");
        foreach (var act in new Action[]
        {
            () => Use(world.Guarded.File.Open("a.bin", FileMode.Open), stream => stream.SetLength(1L << 40)),
            () => Use(world.Guarded.File.Open("a.bin", FileMode.Open), stream => { stream.Position = 1L << 40; stream.WriteByte(1); stream.Flush(); }),
            () => Use(world.Guarded.File.Open("a.bin", FileMode.Open), stream => { stream.Position = long.MaxValue; stream.WriteByte(1); stream.Flush(); }),
            () => Use(world.Guarded.File.OpenHandle("a.bin", FileMode.Open, FileAccess.ReadWrite), handle => world.Guarded.RandomAccess.SetLength(handle, 1L << 40)),
            () => Use(world.Guarded.File.OpenHandle("a.bin", FileMode.Open, FileAccess.ReadWrite), handle => world.Guarded.RandomAccess.Write(handle, "x"u8, 1L << 40)),
            () => Use(world.Guarded.File.OpenHandle("a.bin", FileMode.Open, FileAccess.ReadWrite), handle => world.Guarded.RandomAccess.Write(handle, "x"u8, long.MaxValue)),
            () => world.Guarded.FileStream.New("b.bin", new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = 1L << 40 }).Dispose(),
        })
        {
            act.Should().Throw<Exception>().Which.Should().Match(error => error is UnauthorizedAccessException || error is IOException || error is ArgumentException);
        }

        Directory.GetFiles(world.Root).Should().OnlyContain(path => new FileInfo(path).Length <= 1_000);
    }

    [Fact]
    public void Replace_and_its_backup_are_moves_like_any_other()
    {
        using var world = new AttackWorld();
        world.Write("a.txt");
        world.Write("b.txt", "b");
        world.Write(".env", AttackWorld.Secret);
        world.Link("away", world.Outside);
        foreach (var act in new Action[]
        {
            () => world.Guarded.File.Replace("a.txt", "b.txt", "../outside/backup.txt"), () => world.Guarded.File.Replace("a.txt", "b.txt", "away/secret.txt"),
            () => world.Guarded.File.Replace("a.txt", "away/secret.txt", null), () => world.Guarded.File.Replace("away/secret.txt", "b.txt", null),
            () => world.Guarded.File.Replace(".env", "b.txt", null), () => world.Guarded.File.Replace("a.txt", ".env", "shown.txt"),
            () => world.Guarded.File.Replace("a.txt", "b.txt", ".mcp.json"),
        })
        {
            act.Should().Throw<UnauthorizedAccessException>();
            File.ReadAllText(world.In("a.txt")).Should().Be("inside");
            File.ReadAllText(world.In("b.txt")).Should().Be("b");
            File.ReadAllText(world.In(".env")).Should().Be(AttackWorld.Secret);
            File.ReadAllText(world.OutsideFile).Should().Be(AttackWorld.Secret);
        }
    }

    [Fact]
    public void Temporary_names_do_not_climb()
    {
        using var world = new AttackWorld();
        foreach (var prefix in new[] { "../x", "/tmp/x", "a/b", "..", "." })
        {
            try
            {
                world.Guarded.Directory.CreateTempSubdirectory(prefix).FullName.Should().StartWith("/kb/.tmp/");
            }
            catch (Exception error) when (error is ArgumentException or UnauthorizedAccessException)
            {
            }
        }

        Directory.GetFileSystemEntries(world.Outside).Should().ContainSingle();
        Directory.GetFileSystemEntries(world.Root).Should().OnlyContain(path => path.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_is_not_shown_by_a_name_that_some_system_folds()
    {
        using var world = new AttackWorld();
        foreach (var name in new[] { ".ENV", ".env.", ".env ", ".e\u200Dnv", ".en\uFE0Fv", "a/.SSH/id_rsa", "ID_RSA", "\uFEFF.env", ".\u017Fsh/x", "server.KEY", "x.pf\u00ADx", ".env\u202E" })
        {
            world.Write(name, AttackWorld.Secret);
            foreach (var act in new Action[]
            {
                () => world.Guarded.File.ReadAllText(name), () => world.Guarded.File.Copy(name, "copy.txt"), () => world.Guarded.File.Move(name, "moved.txt"),
                () => world.Guarded.File.OpenRead(name).Dispose(), () => world.Guarded.File.OpenHandle(name).Dispose(), () => Use(world.Guarded.File.ReadLines(name).ToList()),
                () => world.Guarded.File.WriteAllText(name, "x"), () => world.Guarded.File.Delete(name),
            })
            {
                act.Should().Throw<AccessDeniedException>(name).Which.Decision.Reason!.Rule.Should().Be("files.sensitive");
            }
        }
    }

    private static void Use(object value) => value.Should().NotBeNull();

    private static void Use<T>(T resource, Action<T> use)
        where T : IDisposable
    {
        using (resource)
        {
            use(resource);
        }
    }
}
