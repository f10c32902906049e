namespace PeerChat.WebRtc.Sctp;

/// <summary>What a message means to the layer above; SCTP carries it unread (RFC 9260 section 3.3.1).</summary>
/// <param name="Value">The number as it stands on the wire.</param>
internal readonly record struct PayloadProtocolIdentifier(uint Value)
{
    /// <summary>A message of the Data Channel Establishment Protocol (RFC 8831 section 8).</summary>
    public static PayloadProtocolIdentifier Dcep => new(50);

    /// <summary>A text in UTF-8.</summary>
    public static PayloadProtocolIdentifier String => new(51);

    /// <summary>Part of a binary message; no longer sent (RFC 8831 section 6.6).</summary>
    public static PayloadProtocolIdentifier BinaryPartial => new(52);

    /// <summary>A binary message.</summary>
    public static PayloadProtocolIdentifier Binary => new(53);

    /// <summary>Part of a text; no longer sent (RFC 8831 section 6.6).</summary>
    public static PayloadProtocolIdentifier StringPartial => new(54);

    /// <summary>An empty text, carried as one byte that means nothing.</summary>
    public static PayloadProtocolIdentifier StringEmpty => new(56);

    /// <summary>An empty binary message, carried as one byte that means nothing.</summary>
    public static PayloadProtocolIdentifier BinaryEmpty => new(57);
}
