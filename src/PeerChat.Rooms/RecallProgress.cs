namespace PeerChat.Rooms;

/// <summary>How far the recall of a message has come.</summary>
/// <param name="Asked">How many other devices it concerns: all members', one's own further ones among them.</param>
/// <param name="Confirmed">How many of those have deleted the content, by their own signed statement.</param>
public readonly record struct RecallProgress(int Asked, int Confirmed);
