namespace LangGuard.Auditing;

/// <summary>Checks the records of a table.</summary>
internal static class AuditTableVerifier
{
    internal static AuditReport Verify(IAuditTable table, AuditTrust trust) => AuditVerifier.Verify(
        (reader, visit) =>
        {
            var isSound = true;
            var isFirst = true;
            table.Read(0, long.MaxValue, row =>
            {
                isSound = isSound && reader.Take(row.Number, row.Hash, row.Record, isFirst, visit);
                isFirst = false;
            });
        },
        table.Checkpoints(),
        trust);
}
