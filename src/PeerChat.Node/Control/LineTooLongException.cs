namespace PeerChat.Node.Control;

/// <summary>A line is longer than allowed; the stream cannot be read on.</summary>
/// <param name="maxBytes">How long it may be.</param>
internal sealed class LineTooLongException(int maxBytes)
    : Exception($"A line may be at most {maxBytes} bytes long.");
