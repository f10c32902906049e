namespace PeerChat.Rooms;

/// <summary>What a peer did that no version of the protocol allows; its link ends with this reason.</summary>
public enum PeerMisbehaviour
{
    /// <summary>A frame that cannot be read, or is larger than any frame may be.</summary>
    MalformedFrame,

    /// <summary>An entry or range whose bytes break the layout, the chain or the payload's hash.</summary>
    MalformedEntry,

    /// <summary>An entry of another room.</summary>
    ForeignRoom,

    /// <summary>A signature that does not verify.</summary>
    BadSignature,

    /// <summary>A profile record that does not hold.</summary>
    BadProfile,

    /// <summary>A statement that does not hold, or one given as its own by somebody else.</summary>
    BadStatement,

    /// <summary>A payload that does not belong to its entry.</summary>
    BadPayload,

    /// <summary>A proof that proves nothing.</summary>
    BadForkProof,
}
