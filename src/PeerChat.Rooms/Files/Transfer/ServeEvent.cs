using PeerChat.Primitives;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Files.Transfer;

/// <summary>What <see cref="FileServe"/> asks of its host, or tells it.</summary>
public abstract record ServeEvent
{
    private ServeEvent() { }

    /// <summary>The peer wants a file: the host says by <see cref="FileServe.SetStock"/> how much is here, nothing where it may not have it.</summary>
    public sealed record Opened(RoomId Room, EntryId Entry) : ServeEvent;

    /// <summary>The peer says how much of the file it has itself.</summary>
    public sealed record PeerHas(FileStock Stock) : ServeEvent;

    /// <summary>Read blocks in this order until there are <see cref="FileServe.ReadAhead"/> bytes, and answer by <see cref="FileServe.HandleRead"/>.</summary>
    public sealed record Read(IReadOnlyList<Bytes32> Addresses) : ServeEvent;

    /// <summary>See which of the blocks below a node are here, and answer by <see cref="FileServe.HandleAnswer"/>.</summary>
    public sealed record Ask(Bytes32 Node, Cid Cid) : ServeEvent;

    /// <summary>A block went out; its memory may be used again.</summary>
    public sealed record Sent(ReadOnlyMemory<byte> Bytes) : ServeEvent;
}
