namespace PeerChat.Rooms.Sync;

/// <summary>Entries of one log from one number to another, both included.</summary>
internal readonly record struct SeqRange(ulong From, ulong To)
{
    /// <summary>The least range that includes both.</summary>
    public SeqRange Cover(SeqRange other) => new(Math.Min(From, other.From), Math.Max(To, other.To));
}
