using LangGuard.Auditing;
using LangGuard.SecurityTests.Faults;

namespace LangGuard.SecurityTests.Auditing;

/// <summary>What a process leaves that ends while it begins the very first file of a folder, and what looks like it.</summary>
public sealed class FirstRecordTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("langguard-first-");

    private string Folder => Path.Combine(_temp.FullName, "audit");

    private string Segment => Path.Combine(Folder, "00000001.audit");

    public void Dispose() => _temp.Delete(recursive: true);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1 << 20)]
    [InlineData(1, 0)]
    [InlineData(10, 1 << 20)]
    [InlineData(47, 0)]
    [InlineData(48, 0)]
    [InlineData(100, 1 << 20)]
    [InlineData(-1, 0)]
    [InlineData(int.MaxValue, 0)]
    [InlineData(int.MaxValue, 1 << 20)]
    public void The_next_start_goes_on(int written, int reserved)
    {
        var header = Begun();
        var torn = written < 0 ? header.Length - 1 : Math.Min(written, header.Length);
        File.WriteAllBytes(Segment, [.. header.AsSpan(0, torn), .. new byte[reserved]]);
        ActAfterStart().Should().BeTrue();
        var records = new List<string>();
        new AuditReader().Read(AuditFolder.SegmentsOf(Folder), (_, _, payload) => records.Add(System.Text.Encoding.UTF8.GetString(payload)));
        records.Count(record => record.Contains("tornBytes", StringComparison.Ordinal)).Should().Be(torn > 0 && torn < header.Length ? 1 : 0);
        AuditVerifier.Verify(Folder).IsIntact.Should().BeTrue();
    }

    [Fact]
    public void The_next_start_goes_on_without_a_file()
    {
        Begun();
        File.Delete(Segment);
        File.WriteAllText(Path.Combine(Folder, "signing-key.new"), "half a k");
        File.Delete(Path.Combine(Folder, "signing-key"));
        ActAfterStart().Should().BeTrue();
        File.Exists(Path.Combine(Folder, "signing-key.new")).Should().BeFalse();
        AuditVerifier.Verify(Folder).IsIntact.Should().BeTrue();
    }

    [Theory]
    [InlineData("checkpoints", 10)]
    [InlineData("checkpoints", 0)]
    [InlineData("torn checkpoints", 10)]
    [InlineData("records behind it", 10)]
    [InlineData("a second file", 10)]
    [InlineData("more than a first record", 600)]
    public void What_is_no_beginning_is_refused(string what, int written)
    {
        byte[] whole;
        byte[] checkpoints;
        using (var file = new AuditFile(new AuditOptions { Folder = Folder }))
        using (var session = FaultWorld.Session(policy => policy.DefendInDepth(defense => defense.Audit(file))))
        {
            for (var i = 0; i < 5; i++)
            {
                session.TryAuthorize(FaultWorld.Call()).Permit!.Dispose();
            }
        }

        whole = AuditFolder.Read(Segment);
        checkpoints = File.ReadAllBytes(Path.Combine(Folder, "checkpoints"));
        File.Delete(Path.Combine(Folder, "checkpoints"));
        var first = whole[..FirstFrame(whole)];
        byte[] cut = [.. first.Take(written)];
        switch (what)
        {
            case "checkpoints":
                File.WriteAllBytes(Path.Combine(Folder, "checkpoints"), checkpoints);
                break;
            case "torn checkpoints":
                File.WriteAllBytes(Path.Combine(Folder, "checkpoints"), checkpoints[..20]);
                break;
            case "records behind it":
                cut = [.. cut, .. new byte[first.Length - cut.Length], .. whole.AsSpan(first.Length)];
                break;
            case "a second file":
                File.WriteAllBytes(Path.Combine(Folder, "00000002.audit"), whole);
                break;
            case "more than a first record":
                cut = [.. Enumerable.Repeat((byte)'x', written)];
                break;
        }

        File.WriteAllBytes(Segment, cut);
        FluentActions.Invoking(() => new AuditFile(new AuditOptions { Folder = Folder })).Should().Throw<IOException>();
        File.ReadAllBytes(Segment).Should().Equal(cut, "what is refused is left as it is");
    }

    private byte[] Begun()
    {
        new AuditFile(new AuditOptions { Folder = Folder }).Dispose();
        File.Delete(Path.Combine(Folder, "checkpoints"));
        var data = AuditFolder.Read(Segment);
        return data[..FirstFrame(data)];
    }

    private bool ActAfterStart()
    {
        using var file = new AuditFile(new AuditOptions { Folder = Folder });
        using var session = FaultWorld.Session(policy => policy.DefendInDepth(defense => defense.Audit(file)));
        var answer = session.TryAuthorize(FaultWorld.Call());
        answer.Permit?.Complete(OperationOutcome.Success());
        return answer.IsAllowed;
    }

    private static int FirstFrame(byte[] data) => AuditFrame.HeaderSize + System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(data);
}
