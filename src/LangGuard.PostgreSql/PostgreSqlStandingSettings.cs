namespace LangGuard.PostgreSql;

/// <summary>Which settings stand on a connection, so that a query need not set them again. Only on one that leads to a single
/// process of the server: behind a pooler they would stay with a process that another client gets next.</summary>
/// <param name="isDirect">Whether the connection leads to one process of the server and no other.</param>
internal sealed class PostgreSqlStandingSettings(bool isDirect)
{
    private TimeSpan? _timeout;
    private bool _isUsed;

    /// <summary>Whether a query can do with settings that stand. The first query of a connection never: it would cost a round
    /// trip that is of use to the next one only.</summary>
    /// <param name="timeout">How long the query may run. Another limit than the one that stands is set by the query itself.</param>
    /// <param name="isSet">Whether the settings stand already.</param>
    internal bool Needs(TimeSpan timeout, out bool isSet)
    {
        isSet = _timeout == timeout;
        var isUsed = _isUsed;
        _isUsed = true;
        return isDirect && isUsed && (isSet || _timeout is null);
    }

    /// <summary>Says that the settings stand now.</summary>
    internal void Set(TimeSpan timeout) => _timeout = timeout;

    /// <summary>Says that the settings may have changed.</summary>
    internal void Forget()
    {
        _timeout = null;
        _isUsed = false;
    }
}
