namespace LangGuard.Testing;

/// <summary>A policy did not decide as the test expects. Every test framework reports it as a failure.</summary>
public sealed class GuardAssertionException : Exception
{
    /// <summary>Creates the exception.</summary>
    public GuardAssertionException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was expected and what happened.</param>
    public GuardAssertionException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was expected and what happened.</param>
    /// <param name="innerException">What happened instead.</param>
    public GuardAssertionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
