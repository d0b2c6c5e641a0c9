namespace AspNetCoreHost.Chat;

/// <summary>What a user says.</summary>
/// <param name="Text">The text.</param>
internal sealed record ChatRequest(string Text);
