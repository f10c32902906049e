namespace PeerChat.Node;

/// <summary>The node could not start; the message is the sentence for the user.</summary>
public sealed class NodeStartException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="failure">What kind of failure it is.</param>
    /// <param name="message">What happened, why, and what to do next, in one sentence or two.</param>
    /// <param name="innerException">What lies underneath, for a log.</param>
    public NodeStartException(NodeStartFailure failure, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
    }

    /// <summary>What kind of failure it is.</summary>
    public NodeStartFailure Failure { get; }
}
