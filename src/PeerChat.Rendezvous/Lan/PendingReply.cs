using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>An answer that waits to go to one host alone.</summary>
/// <param name="Due">When it goes out.</param>
/// <param name="Remote">Whereto.</param>
/// <param name="Query">What was asked.</param>
/// <param name="Answers">The records.</param>
internal sealed record PendingReply(
    Instant Due,
    TransportAddress Remote,
    DnsMessage Query,
    IReadOnlyList<DnsRecord> Answers
);
