namespace PeerChat.Primitives;

/// <summary>One UDP datagram with the two ends of its path.</summary>
/// <param name="Local">The address of the socket it leaves from or arrived at.</param>
/// <param name="Remote">The other end.</param>
/// <param name="Payload">The bytes; valid until the machine that gave it is called again.</param>
public readonly record struct Datagram(
    TransportAddress Local,
    TransportAddress Remote,
    ReadOnlyMemory<byte> Payload
)
{
    /// <summary>Whether it asks if the path takes so much, so that neither this machine nor a router may cut it up (RFC 8899).</summary>
    public bool IsProbe { get; init; }
}
