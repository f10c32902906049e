using PeerChat.Primitives;

namespace PeerChat.Rooms;

/// <summary>Bringing back the end of one's own log from a peer that has more of it than the store: nothing is written meanwhile.</summary>
/// <param name="Link">Who says so.</param>
/// <param name="Seq">How far the log goes there.</param>
/// <param name="Due">Until when it is waited for.</param>
internal sealed record OwnLogRecovery(int Link, ulong Seq, Instant Due)
{
    /// <summary>
    /// How long one waits for a next piece. A guess: three rounds of asking. Writing on too early costs a new author, waiting
    /// for a liar costs this long, once for a link.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
}
