using PeerChat.Rooms.Log;

namespace PeerChat.Node.Storage;

/// <summary>What became of a text that was sent under a reference.</summary>
public abstract record SentText
{
    private SentText() { }

    /// <summary>It is an entry.</summary>
    public sealed record Entry(EntryId Id) : SentText;

    /// <summary>It waits in the outbox.</summary>
    public sealed record Waiting(long Number) : SentText;

    /// <summary>The user gave it up while it waited.</summary>
    public sealed record Discarded : SentText;
}
