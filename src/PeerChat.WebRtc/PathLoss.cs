namespace PeerChat.WebRtc;

/// <summary>How many of the last checks on a path were not answered: what a packet and its answer lose together.</summary>
/// <param name="Checks">Checks that have been answered, or had time enough to be; 64 at most, the newest.</param>
/// <param name="Lost">Those of them without an answer.</param>
/// <param name="Over">From the first of them to now.</param>
public readonly record struct PathLoss(int Checks, int Lost, TimeSpan Over);
