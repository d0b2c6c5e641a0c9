using LangGuard.Auditing;
using LangGuard.SecurityTests.Faults;

namespace LangGuard.SecurityTests.Auditing;

/// <summary>What a process leaves that ends while it begins the next segment: the segment with no byte, with reserved space alone, with a
/// part of its first record, and with all of it.</summary>
public sealed class RotationTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-rotation-");

    private string Folder => Path.Combine(_temp.FullName, "audit");

    public void Dispose() => _temp.Delete(recursive: true);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1 << 20)]
    [InlineData(10, 0)]
    [InlineData(60, 1 << 20)]
    [InlineData(100, 0)]
    [InlineData(int.MaxValue, 1 << 20)]
    public void The_next_start_goes_on_where_the_records_end(int written, int reserved)
    {
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }))
        using (var session = FaultWorld.Session(policy => policy.DefendInDepth(defense => defense.Audit(file))))
        {
            var name = new string('n', 2_000);
            while (AuditFolder.SegmentsOf(Folder).Length < 2)
            {
                using var permit = session.Authorize(new FunctionOperation(FaultWorld.Alice, Effects.Read, name, FaultWorld.Call().Arguments));
                permit.Complete(OperationOutcome.Success());
            }
        }

        // The first record of a segment is its header; what follows did not happen yet.
        var second = AuditFolder.SegmentsOf(Folder)[1];
        var header = AuditFolder.Read(second)[..FirstFrame(second)];
        File.WriteAllBytes(second, [.. header.Take(written), .. new byte[reserved]]);
        foreach (var checkpoints in Directory.GetFiles(Folder, "checkpoints"))
        {
            File.WriteAllLines(checkpoints, File.ReadLines(checkpoints).SkipLast(1));
        }

        using (var file = new AuditFile(new AuditOptions { Folder = Folder }))
        using (var session = FaultWorld.Session(policy => policy.DefendInDepth(defense => defense.Audit(file))))
        {
            session.TryAuthorize(FaultWorld.Call()).IsAllowed.Should().BeTrue();
        }

        AuditVerifier.Verify(Folder).IsIntact.Should().BeTrue();
    }

    private static int FirstFrame(string segment) =>
        AuditFrame.HeaderSize + System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(AuditFolder.Read(segment));
}
