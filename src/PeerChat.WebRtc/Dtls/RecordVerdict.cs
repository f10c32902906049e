namespace PeerChat.WebRtc.Dtls;

/// <summary>What became of an incoming protected record.</summary>
internal enum RecordVerdict
{
    /// <summary>It was decrypted.</summary>
    Authentic,

    /// <summary>Its length or version is impossible.</summary>
    Malformed,

    /// <summary>Its number was seen before, or is too old to tell.</summary>
    Replayed,

    /// <summary>Its tag does not verify.</summary>
    Forged,
}
