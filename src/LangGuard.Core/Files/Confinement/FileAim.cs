namespace LangGuard.Files;

/// <summary>What an opened object is wanted for. None of these creates, truncates or changes anything.</summary>
[Flags]
internal enum FileAim : byte
{
    /// <summary>Facts only.</summary>
    Facts = 0,
    Read = 1,
    Write = 2,

    /// <summary>Every write goes to the end.</summary>
    Append = 4,
}
