namespace PeerChat.WebRtc.Stun;

/// <summary>Class and method of a STUN message in one number (RFC 8489 section 5); Binding, and what TURN adds (RFC 8656 section 17).</summary>
internal enum StunMessageType
{
    /// <summary>A question for the address the sender is seen at; an ICE check.</summary>
    BindingRequest = 0x0001,

    /// <summary>A message that asks for no answer; some peers keep a path open with it.</summary>
    BindingIndication = 0x0011,

    /// <summary>The answer to a request that was accepted.</summary>
    BindingSuccess = 0x0101,

    /// <summary>The answer to a request that was refused.</summary>
    BindingError = 0x0111,

    /// <summary>Asks for an address on the relay.</summary>
    AllocateRequest = 0x0003,

    /// <summary>Keeps the address on the relay, or gives it back.</summary>
    RefreshRequest = 0x0004,

    /// <summary>Data for a peer.</summary>
    SendIndication = 0x0016,

    /// <summary>Data of a peer.</summary>
    DataIndication = 0x0017,

    /// <summary>Lets peers at an IP address in.</summary>
    CreatePermissionRequest = 0x0008,

    /// <summary>Gives a peer a short number.</summary>
    ChannelBindRequest = 0x0009,
}
