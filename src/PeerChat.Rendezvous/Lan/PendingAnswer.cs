using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan.Dns;

namespace PeerChat.Rendezvous.Lan;

/// <summary>A record that waits to be multicast.</summary>
/// <param name="Record">The record.</param>
/// <param name="Due">When it goes out.</param>
/// <param name="OnlyFor">The one host that asked; null when several did.</param>
internal sealed record PendingAnswer(DnsRecord Record, Instant Due, TransportAddress? OnlyFor);
