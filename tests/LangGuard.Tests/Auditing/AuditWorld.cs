using System.Text.Json;
using LangGuard.Auditing;
using LangGuard.Tests.Support;

namespace LangGuard.Tests.Auditing;

/// <summary>A folder for an audit file, and short ways to act and to look.</summary>
internal sealed class AuditWorld : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-audit-");

    internal string Folder => Path.Combine(_temp.FullName, "audit");

    internal string Temp => _temp.FullName;

    internal AuditFile Open(AuditMode mode = AuditMode.WriteAhead, TimeProvider? time = null, Action<AuditCheckpoint>? keep = null) =>
        new(new AuditOptions { Folder = Folder, Mode = mode }, onCheckpoint: keep, timeProvider: time);

    internal static GuardSession Session(IAuditSink sink, Action<PolicyBuilder>? more = null) =>
        Operations.SessionOf(policy =>
        {
            policy.AddLayer(new TestLayer("only-f", operation =>
                ((FunctionOperation)operation).Function.StartsWith('f') ? Votes.Allow(operation) : Decision.NotGranted(Votes.Because)));
            policy.DefendInDepth(defense => defense.Audit(sink));
            more?.Invoke(policy);
        });

    internal static void Act(GuardSession session, int times = 1, string function = "f", Effects effects = Effects.Read)
    {
        for (var i = 0; i < times; i++)
        {
            using var permit = session.Authorize(Operations.Call(function, effects));
            permit.Complete(OperationOutcome.Success(bytesIn: i));
        }
    }

    /// <summary>Every record that is on the disk, as text.</summary>
    internal List<JsonElement> Records()
    {
        var records = new List<JsonElement>();
        new AuditReader().Read(
            AuditFolder.SegmentsOf(Folder),
            (_, _, payload) => records.Add(JsonDocument.Parse(payload.ToArray()).RootElement.Clone()));
        return records;
    }

    internal List<JsonElement> Records(string phase) =>
        [.. Records().Where(record => record.GetProperty("phase").GetString() == phase)];

    internal string LastSegment => AuditFolder.SegmentsOf(Folder)[^1];

    internal byte[] Bytes() => Trim(File.ReadAllBytes(LastSegment));

    public void Dispose() => _temp.Delete(recursive: true);

    private static byte[] Trim(byte[] bytes) => bytes;
}
