using PeerChat.Primitives;

namespace PeerChat.Rooms.Files.Transfer;

/// <summary>What <see cref="FileFetch"/> asks of its host, or tells it.</summary>
public abstract record FetchEvent
{
    private FetchEvent() { }

    /// <summary>
    /// All bytes of a block came: check that they are the block, keep it, and answer by <see cref="FileFetch.HandleTaken"/>. The bytes
    /// belong to the host.
    /// </summary>
    /// <param name="Link">Who gave it.</param>
    /// <param name="Address">Its address.</param>
    /// <param name="Cid">Its CID.</param>
    /// <param name="Bytes">The sealed block.</param>
    public sealed record Take(int Link, Bytes32 Address, Cid Cid, ReadOnlyMemory<byte> Bytes) : FetchEvent;

    /// <summary>A node is here already: open it, and answer by <see cref="FileFetch.HandleTaken"/> with link 0.</summary>
    /// <param name="Address">Its address.</param>
    /// <param name="Cid">Its CID.</param>
    public sealed record OpenNode(Bytes32 Address, Cid Cid) : FetchEvent;

    /// <summary>Nothing more is taken from somebody.</summary>
    /// <param name="Link">Who.</param>
    /// <param name="Reason">Why.</param>
    public sealed record HolderDropped(int Link, HolderFault Reason) : FetchEvent;

    /// <summary>All blocks are here.</summary>
    public sealed record Complete : FetchEvent;

    /// <summary>What is announced cannot be fetched, whoever has it.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Failed(FetchFault Reason) : FetchEvent;
}
