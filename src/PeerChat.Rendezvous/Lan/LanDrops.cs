namespace PeerChat.Rendezvous.Lan;

/// <summary>How many datagrams and records were thrown away, by reason.</summary>
/// <param name="Malformed">Datagrams that are no mDNS message, or a response from another port than 5353.</param>
/// <param name="OffLink">Datagrams and addresses from outside the link, or on an interface that is not ours.</param>
/// <param name="OverBudget">Datagrams from a sender that sends too many.</param>
/// <param name="OverCapacity">New neighbours for which there was no room.</param>
public readonly record struct LanDrops(long Malformed, long OffLink, long OverBudget, long OverCapacity);
