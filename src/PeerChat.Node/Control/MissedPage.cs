namespace PeerChat.Node.Control;

/// <summary>A page of what a face missed, as events.</summary>
/// <param name="Events">The page, in order of arrival.</param>
/// <param name="Next">The arrival after which the next page begins; null where this was the last.</param>
internal sealed record MissedPage(IReadOnlyList<NodeEvent> Events, long? Next);
