namespace PeerChat.Node.Host;

/// <summary>How a way to the node ended.</summary>
/// <param name="Stopped">What the node said last, where it ran in this process.</param>
/// <param name="NewOwner">The process that took the profile over, where one asked for it.</param>
internal sealed record LinkEnd(NodeEvent.Stopped? Stopped, int? NewOwner)
{
    /// <summary>Whether the node in this process ended by a failure, so that starting it again would fail again.</summary>
    public bool IsFailure => Stopped is { Failure: not null };
}
