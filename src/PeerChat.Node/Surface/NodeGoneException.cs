namespace PeerChat.Node;

/// <summary>The node ended, or the process that runs it did, before it could answer.</summary>
public sealed class NodeGoneException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What happened and what to do next.</param>
    /// <param name="innerException">What lies underneath.</param>
    public NodeGoneException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
