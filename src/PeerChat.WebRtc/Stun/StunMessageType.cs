namespace PeerChat.WebRtc.Stun;

/// <summary>Class and method of a STUN message in one number (RFC 8489 section 5); only the Binding method is known here.</summary>
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
}
