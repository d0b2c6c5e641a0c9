using System.IO.Pipelines;
using System.Net;
using BenchmarkDotNet.Attributes;
using LangGuard.Http;

namespace LangGuard.Benchmarks;

/// <summary>What the guard adds to a keep-alive GET: the same request over connections in memory, so that neither sockets nor
/// another process are measured.</summary>
[MemoryDiagnoser]
#pragma warning disable CA1001 // The framework cleans up.
public class HttpOverheadBenchmark
#pragma warning restore CA1001
{
    private static readonly Uri Url = new("http://api.test/v1/orders/42");
    private HttpClient _plain = null!;
    private GuardSession _session = null!;

    /// <summary>Whether the layers that follow content through the session are on, as they are by default.</summary>
    [Params(true, false)]
    public bool TracksContent { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _plain = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = static (_, _) => ValueTask.FromResult<Stream>(new AnsweringStream()),
        });
        _session = GuardSession.Create(
            Policy.Create(guard =>
            {
                guard.LimitPermissions(allow => allow
                    .Http("GET http://api.test/v1/orders/{id:int}").Http("GET https://other.example.com/**"));
                guard.AnticipateMisuse(misuse =>
                {
                    misuse.LimitUsage(usage => usage.Calls(int.MaxValue));
                    _ = TracksContent ? misuse : misuse.UnguardedUntrustedContent().UnguardedSecrets();
                });
                guard.DefendInDepth(defense => defense.UseAddressResolver(new Somewhere()));
                guard.Collect<EgressOptions>().Transport = new InMemory();
            }),
            new Principal("benchmark"));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _plain.Dispose();
        _session.Dispose();
    }

    [Benchmark(Baseline = true)]
    public Task<int> Plain() => GetAsync(_plain);

    [Benchmark]
    public Task<int> Guarded() => GetAsync(_session.HttpClient);

    internal static async Task<int> GetAsync(HttpClient client)
    {
        using var response = await client.GetAsync(Url);
        return (await response.Content.ReadAsByteArrayAsync()).Length;
    }

    private sealed class Somewhere : IAddressResolver
    {
        public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse("93.184.215.14")]);
    }

    private sealed class InMemory : EgressTransport
    {
        public override ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, bool mayBeOwn, CancellationToken cancellationToken) =>
            ValueTask.FromResult<Stream>(new AnsweringStream());
    }

    /// <summary>Answers each write with the same response.</summary>
    private sealed class AnsweringStream : Stream
    {
        private static readonly byte[] Answer =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Mon, 23 Nov 2026 11:00:00 GMT\r\nServer: Kestrel\r\nContent-Length: 31\r\n\r\n{\"message\":\"hello, this is it\"}"u8.ToArray();

        private readonly Pipe _pipe = new();
        private readonly Stream _reading;

        public AnsweringStream() => _reading = _pipe.Reader.AsStream();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _reading.ReadAsync(buffer, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await _pipe.Writer.WriteAsync(Answer, cancellationToken);
    }
}
