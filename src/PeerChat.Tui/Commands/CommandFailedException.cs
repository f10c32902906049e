namespace PeerChat.Tui.Commands;

/// <summary>A command cannot go on; the message is the sentence for the user.</summary>
/// <param name="code">The exit code, as <see cref="ExitCode"/> lists them.</param>
/// <param name="message">What happened, why, and what to do next.</param>
internal sealed class CommandFailedException(int code, string message) : Exception(message)
{
    /// <summary>The exit code.</summary>
    public int Code { get; } = code;
}
