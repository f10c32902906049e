namespace PeerChat.WebRtc.Sctp.Packets;

/// <summary>What became of a request of RE-CONFIG (RFC 6525 section 4.4).</summary>
internal enum ResetResult : uint
{
    /// <summary>There was nothing to do.</summary>
    NothingToDo = 0,

    /// <summary>It was done.</summary>
    Performed = 1,

    /// <summary>It is not wanted.</summary>
    Denied = 2,

    /// <summary>It names a stream that does not exist.</summary>
    WrongStream = 3,

    /// <summary>Another request is being worked on.</summary>
    OtherInProgress = 4,

    /// <summary>Its number is not the next one.</summary>
    BadSequenceNumber = 5,

    /// <summary>Data is missing that was sent before it; it is to be asked again.</summary>
    InProgress = 6,
}
