namespace LangGuard.Misuse;

/// <summary>What may be used up. Null means no quota.</summary>
internal sealed class UsageLimitOptions
{
    /// <summary>Attempts, denied ones included. 0 or more.</summary>
    public long? Calls { get; set; }

    /// <summary>Bytes that come back to the agent. 0 or more.</summary>
    public long? BytesIn { get; set; }

    /// <summary>Bytes that the agent sends or writes. 0 or more.</summary>
    public long? BytesOut { get; set; }

    /// <summary>Rows returned or affected. 0 or more.</summary>
    public long? Rows { get; set; }

    /// <summary>Running time of all operations together. Positive.</summary>
    public TimeSpan? Time { get; set; }

    /// <summary>Operations that run at the same time. Positive.</summary>
    public int? Concurrency { get; set; }

    /// <summary>After this long all quotas but concurrency begin anew. Null: never, within the session. Positive.</summary>
    public TimeSpan? Period { get; set; }
}
