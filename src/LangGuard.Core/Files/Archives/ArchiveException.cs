namespace LangGuard.Files;

/// <summary>An archive is refused: it is damaged, larger than allowed, or holds what is never unpacked.</summary>
public sealed class ArchiveException : IOException
{
    /// <summary>Creates the exception.</summary>
    public ArchiveException()
        : base("The archive is refused.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong.</param>
    public ArchiveException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public ArchiveException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
