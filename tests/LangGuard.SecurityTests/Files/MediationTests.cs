using System.IO.Abstractions;
using System.Reflection;
using Microsoft.Win32.SafeHandles;

namespace LangGuard.SecurityTests.Files;

/// <summary>Complete mediation: every member of every interface is on a reviewed list, and each one that takes a name is
/// tried with names that lead outside.</summary>
public sealed class MediationTests
{
    private static readonly Assembly Contract = typeof(IFileSystem).Assembly;

    /// <summary>Members that take a name but look at its text only, or at nothing.</summary>
    private static readonly HashSet<string> TextOnly = new(StringComparer.Ordinal)
    {
        "IDirectory.GetParent", "IDirectory.GetDirectoryRoot", "IFileInfoFactory.New", "IDirectoryInfoFactory.New",
        "IDriveInfoFactory.New",
    };

    public static TheoryData<string> NamesThatLeadOutside =>
        new("{OUTSIDE}/secret.txt", "../outside/secret.txt", "link/secret.txt", "link", "{ROOT}/../outside/secret.txt", "link/.", "abs");

    [Fact]
    public void Every_member_is_on_the_reviewed_list()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Files", "FileSystemMembers.approved.txt");
        var members = Contract.GetExportedTypes().Where(type => type.IsInterface)
            .SelectMany(type => type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
                .Where(member => member is not MethodBase { IsSpecialName: true })
                .Select(member => $"{type.Name}: {member}"))
            .Order(StringComparer.Ordinal).ToList();
        if (Environment.GetEnvironmentVariable("LANGGUARD_UPDATE_MEMBERS") == "1")
        {
            File.WriteAllLines(Environment.GetEnvironmentVariable("LANGGUARD_MEMBERS_FILE") ?? file, members);
        }

        members.Should().Equal(
            File.ReadAllLines(file),
            "a member that is not on the list has not been reviewed: guard it, make it virtual or refuse it, then list it");
    }

    [Theory]
    [MemberData(nameof(NamesThatLeadOutside))]
    public void Every_member_that_takes_a_name_refuses_one_that_leads_outside(string name)
    {
        foreach (var (owner, method) in MethodsWithNames())
        {
            using var world = NewWorld();
            var text = name.Replace("{OUTSIDE}", world.Outside, StringComparison.Ordinal)
                .Replace("{ROOT}", world.Root, StringComparison.Ordinal);
            foreach (var position in NamePositions(method))
            {
                var before = world.DescribeOutside();
                var result = Call(world, owner, method, position, text);

                world.DescribeOutside().Should().Be(before, $"{owner.Name}.{method} with {name} at {position} changed something outside");
                if (!TextOnly.Contains($"{owner.Name}.{method.Name}"))
                {
                    IsRefusal(owner, method, text, result, world).Should().BeTrue($"{owner.Name}.{method} with {name} at {position} gave {result}");
                }
            }
        }
    }

    [Fact]
    public void Every_object_leads_back_to_the_guarded_file_system()
    {
        using var world = NewWorld();
        var guarded = world.Guarded;
        world.Write("docs/a.md");
        IFileSystemEntity[] entities =
        [
            guarded.File, guarded.Directory, guarded.Path, guarded.FileInfo, guarded.DirectoryInfo, guarded.DriveInfo, guarded.FileStream,
            guarded.FileSystemWatcher, guarded.FileVersionInfo, guarded.RandomAccess, guarded.DriveInfo.GetDrives()[0],
        ];
        IFileSystemInfo[] infos =
        [
            guarded.FileInfo.New("docs/a.md"), guarded.DirectoryInfo.New("docs"), guarded.FileInfo.New("docs/a.md").Directory!,
            guarded.DirectoryInfo.New("docs").Parent!, guarded.DirectoryInfo.New("docs").Root, guarded.Directory.CreateDirectory("x"),
            .. guarded.DirectoryInfo.New("docs").GetFileSystemInfos(), .. guarded.DirectoryInfo.New(".").EnumerateDirectories(),
            guarded.File.CreateSymbolicLink("l", "docs/a.md"), guarded.File.ResolveLinkTarget("l", true)!,
            guarded.DriveInfo.GetDrives()[0].RootDirectory, guarded.Directory.CreateTempSubdirectory(),
        ];

        entities.Should().AllSatisfy(entity => entity.FileSystem.Should().BeSameAs(guarded));
        infos.Should().AllSatisfy(info => info.FileSystem.Should().BeSameAs(guarded));
        infos.Should().AllSatisfy(info => info.FullName.Should().StartWith("/kb").And.NotContain(world.Root));
    }

    [Fact]
    public void No_guard_exposes_what_it_guards()
    {
        var guards = typeof(LangGuard.Files.GuardedFileSystem).Assembly.GetTypes()
            .Where(type => type.IsClass && !type.IsAbstract && type.GetInterfaces().Any(contract => contract.Assembly == Contract));

        guards.Should().AllSatisfy(type =>
        {
            type.IsSealed.Should().BeTrue();
            type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Select(property => property.PropertyType)
                .Should().NotContain([typeof(FileInfo), typeof(DirectoryInfo), typeof(FileStream), typeof(SafeFileHandle), typeof(FileSystemWatcher)]);
        });
    }

    private static AttackWorld NewWorld()
    {
        var world = new AttackWorld();
        world.Link("link", world.Outside);
        world.Link("abs", world.OutsideFile);
        world.Write("inside.txt");
        return world;
    }

    private static IEnumerable<(Type Owner, MethodInfo Method)> MethodsWithNames()
    {
        Type[] owners =
        [
            typeof(IFile), typeof(IDirectory), typeof(IFileInfoFactory), typeof(IDirectoryInfoFactory), typeof(IFileStreamFactory),
            typeof(IFileSystemWatcherFactory), typeof(IFileVersionInfoFactory), typeof(IDriveInfoFactory),
        ];
        return from owner in owners
               from method in owner.GetMethods()
               where !method.IsSpecialName && NamePositions(method).Any()
                   && !method.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike)
               select (owner, method);
    }

    private static IEnumerable<int> NamePositions(MethodInfo method) => method.GetParameters()
        .Where(parameter => parameter.ParameterType == typeof(string)
            && parameter.Name is not ("contents" or "searchPattern" or "filter" or "prefix" or "pathToTarget"))
        .Select(parameter => parameter.Position);

    private static object? Call(AttackWorld world, Type owner, MethodInfo method, int position, string name)
    {
        var target = typeof(IFileSystem).GetProperties().Single(property => property.PropertyType == owner).GetValue(world.Guarded);
        var arguments = method.GetParameters().Select(parameter => parameter.Position == position
            ? name
            : Sample(parameter)).ToArray();
        try
        {
            var result = method.Invoke(target, arguments);
            return result switch
            {
                Task task => Wait(task),
                IAsyncEnumerable<string> lines => Drain(lines),
                _ => result,
            };
        }
        catch (TargetInvocationException failure)
        {
            return failure.InnerException;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return failure;
        }
    }

    private static object? Wait(Task task)
    {
        task.GetAwaiter().GetResult();
        return task.GetType().GetProperty("Result")?.GetValue(task);
    }

    private static List<string> Drain(IAsyncEnumerable<string> lines) => lines.ToBlockingEnumerable().ToList();

    private static object? Sample(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(string))
        {
            return parameter.Name switch
            {
                "contents" => "text",
                "searchPattern" or "filter" => "*",
                "sourceFileName" => "inside.txt",
                "sourceDirName" => "inside.txt",
                "pathToTarget" => "inside.txt",
                _ => "other.txt",
            };
        }

        return type switch
        {
            _ when type == typeof(byte[]) => "text"u8.ToArray(),
            _ when type == typeof(string[]) => new[] { "text" },
            _ when type == typeof(IEnumerable<string>) => new[] { "text" },
            _ when type == typeof(System.Text.Encoding) => System.Text.Encoding.UTF8,
            _ when type == typeof(FileMode) => FileMode.OpenOrCreate,
            _ when type == typeof(FileAccess) => FileAccess.ReadWrite,
            _ when type == typeof(FileShare) => FileShare.ReadWrite,
            _ when type == typeof(FileStreamOptions) => new FileStreamOptions(),
            _ when type == typeof(EnumerationOptions) => new EnumerationOptions(),
            _ when type == typeof(bool) => true,
            _ when type == typeof(int) => 4096,
            _ when type == typeof(DateTime) => new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            _ when type == typeof(UnixFileMode) => UnixFileMode.UserRead | UnixFileMode.UserWrite,
            _ when type.IsValueType => Activator.CreateInstance(type),
            _ => null,
        };
    }

    private static bool IsRefusal(Type owner, MethodInfo method, string name, object? result, AttackWorld world) => result switch
    {
        bool exists => !exists,
        IAccessDenied => true,

        // A name that a link leads out of: deleting or moving removes or keeps the link itself, and nothing outside.
        null when method.Name is "Delete" or "Move" or "Replace" => true,
        IOException or ArgumentException or NotSupportedException => !result.ToString()!.Contains(world.Outside, StringComparison.Ordinal) || name.Contains(world.Outside, StringComparison.Ordinal),
        DateTime or FileAttributes => false,
        _ => false,
    };
}
