using PeerChat.Node.Links;

namespace PeerChat.Node.Engine;

/// <summary>How long packets take to the others and back, as far as faces need to know.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>Changes below this are not told: nobody feels them in a chat, and each would be drawn.</summary>
    private static readonly TimeSpan LagStep = TimeSpan.FromMilliseconds(25);

    /// <summary>Looks whether a connection has become much faster or slower since that was told.</summary>
    /// <remarks>With every deadline: consent checks, which measure it, make one every few seconds (RFC 7675).</remarks>
    private void FollowLag()
    {
        foreach (var link in _links.All)
        {
            if (
                link.Phase != LinkPhase.Authenticated
                || link.Connection.RoundTripTime is not { } time
                || (link.Lag is { } told && (time - told).Duration() < Longer(LagStep, told / 2))
            )
            {
                continue;
            }

            link.Lag = time;
            foreach (
                var chat in _chats.Values.Where(chat =>
                    chat.Room is { } room && link.CommonRooms.Contains(room.Id)
                )
            )
            {
                _dirty.Add(chat);
            }
        }
    }

    private int? LagOf(Chat chat)
    {
        var slowest = chat.Room is { } room
            ? _links
                .All.Where(link =>
                    link.Phase == LinkPhase.Authenticated && link.CommonRooms.Contains(room.Id)
                )
                .Max(link => link.Lag)
            : null;
        return slowest is { } time ? (int)Math.Min(int.MaxValue, Math.Ceiling(time.TotalMilliseconds)) : null;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
