namespace LangGuard;

/// <summary>The journal cannot be used: it belongs to somebody else, is damaged, or another process has it.</summary>
public sealed class JournalException : IOException
{
    /// <summary>Creates the exception.</summary>
    public JournalException()
        : base("The journal cannot be used.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and how to mend it.</param>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and how to mend it.</param>
    /// <param name="innerException">The cause.</param>
    public JournalException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
