using System.Collections.Concurrent;
using System.Net;
using LangGuard.Http;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>A network whose every address is the hosts of the test; it keeps what was dialled.</summary>
internal sealed class RecordingTransport : EgressTransport
{
    internal int Port { get; set; }

    internal ConcurrentQueue<IPEndPoint> Dialled { get; } = new();

    public override bool IsOwnListener(IPEndPoint endPoint) => false;

    public override ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, bool mayBeOwn, CancellationToken cancellationToken)
    {
        Dialled.Enqueue(endPoint);
        return base.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), mayBeOwn: true, cancellationToken);
    }
}
