using System.IO.Abstractions;
using System.Reflection;

namespace LangGuard.Tests.Files;

/// <summary>A file system with one folder that nobody may look into.</summary>
public class ClosedFolder : DispatchProxy
{
    private object _inner = null!;
    private string _folder = string.Empty;

    public static IFileSystem Of(IFileSystem inner, string folder) => Wrap(inner, folder);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name.StartsWith("Enumerate", StringComparison.Ordinal) && Equals(args![0], _folder))
        {
            throw new UnauthorizedAccessException();
        }

        try
        {
            var result = targetMethod.Invoke(_inner, args);
            return result is IDirectory directory ? Wrap(directory, _folder) : result;
        }
        catch (TargetInvocationException error)
        {
            throw error.InnerException!;
        }
    }

    private static T Wrap<T>(T inner, string folder)
        where T : class
    {
        var proxy = Create<T, ClosedFolder>();
        var closed = (ClosedFolder)(object)proxy;
        (closed._inner, closed._folder) = (inner, folder);
        return proxy;
    }
}
