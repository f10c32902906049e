using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>One received DATA chunk whose message is not whole.</summary>
/// <param name="Flags">The chunk's flags.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="MessageNumber">Its message's place in the stream.</param>
/// <param name="Ppid">Its message's meaning.</param>
/// <param name="Payload">Its bytes.</param>
internal sealed record Fragment(
    byte Flags,
    StreamId Stream,
    MessageNumber MessageNumber,
    PayloadProtocolIdentifier Ppid,
    byte[] Payload
)
{
    /// <summary>Whether a message begins here.</summary>
    public bool IsBegin => (Flags & DataChunk.BeginFlag) != 0;

    /// <summary>Whether a message ends here.</summary>
    public bool IsEnd => (Flags & DataChunk.EndFlag) != 0;

    /// <summary>Whether the message is outside its stream's order.</summary>
    public bool IsUnordered => (Flags & DataChunk.UnorderedFlag) != 0;
}
