namespace PeerChat.Node.Control;

/// <summary>The control socket cannot be made or reached; the message is the sentence for the user.</summary>
/// <param name="message">What happened, why, and what to do next.</param>
/// <param name="innerException">What lies underneath.</param>
internal sealed class ControlSocketException(string message, Exception? innerException = null)
    : Exception(message, innerException);
