using BenchmarkDotNet.Attributes;
using LangGuard.Auditing;

namespace LangGuard.Benchmarks;

/// <summary>The guarded file system beside the platform's, in one run: <c>--filter *Files*</c>.</summary>
[MemoryDiagnoser]
public class FilesBenchmarks
{
    private readonly string _folder = Directory.CreateTempSubdirectory("langguard-bench-").FullName;
    private readonly byte[] _content = new byte[4096];
    private GuardSession _session = null!;
    private LangGuard.Files.GuardedFileSystem _guarded = null!;
    private string _name = string.Empty;
    private string _path = string.Empty;

    /// <summary>How many directories the file is below the root, itself included.</summary>
    [Params(1, 3, 8)]
    public int Depth { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _name = string.Join('/', Enumerable.Range(1, Depth - 1).Select(level => $"level{level}").Append("file.txt"));
        _path = Path.Combine(_folder, _name);
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        File.WriteAllBytes(_path, _content);
        var list = Directory.CreateDirectory(Path.Combine(_folder, "list")).FullName;
        for (var i = 0; i < 1_000; i++)
        {
            File.WriteAllBytes(Path.Combine(list, $"entry{i:D4}.txt"), []);
        }

        var policy = Policy.Create(guard => guard
            .LimitPermissions(allow => allow.Files("bench", _folder, files => files.Read("**").Write("**").Delete("**").Limit(limits =>
                limits.SessionReadBytes = limits.SessionWriteBytes = limits.SessionFiles = long.MaxValue / 4)))
            .DefendInDepth(defense => defense.Audit(new CountingSink())));
        _session = GuardSession.Create(policy, new Principal("bench"), new GuardSessionOptions { Lifetime = TimeSpan.FromDays(1) });
        _guarded = _session.FileSystem;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _session.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public byte[] ReadRaw() => File.ReadAllBytes(_path);

    [Benchmark]
    public byte[] ReadGuarded() => _guarded.File.ReadAllBytes(_name);

    [Benchmark]
    public FileAttributes StatRaw() => File.GetAttributes(_path);

    [Benchmark]
    public FileAttributes StatGuarded() => _guarded.File.GetAttributes(_name);

    [Benchmark]
    public bool ExistsRaw() => File.Exists(_path);

    [Benchmark]
    public bool ExistsGuarded() => _guarded.File.Exists(_name);

    [Benchmark]
    public string[] ListRaw() => Directory.GetFiles(Path.Combine(_folder, "list"));

    [Benchmark]
    public string[] ListGuarded() => _guarded.Directory.GetFiles("list");

    [Benchmark]
    public void WriteRaw() => File.WriteAllBytes(_path, _content);

    [Benchmark]
    public void WriteGuarded() => _guarded.File.WriteAllBytes(_name, _content);

    private sealed class CountingSink : IAuditSink
    {
        private long _count;

        public void Write(in AuditRecord record) => _count++;
    }
}
