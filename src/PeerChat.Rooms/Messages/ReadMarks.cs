using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Messages;

/// <summary>Up to where everybody has read who lets others know.</summary>
internal sealed class ReadMarks(RoomState room)
{
    private readonly Dictionary<(AuthorId By, AuthorId Of), ulong> _read = [];

    /// <summary>Takes a mark in; true where it says something new.</summary>
    public bool Add(AuthorId by, MessageBody.ReadMark mark)
    {
        var isNew = false;
        foreach (var (of, seq) in mark.Authors)
        {
            // Authors that are not here cannot be marked, so marks are as many as pairs of authors
            if (room.Authors.TryGet(of, out _) && seq > _read.GetValueOrDefault((by, of)))
            {
                _read[(by, of)] = seq;
                isNew = true;
            }
        }

        return isNew;
    }

    /// <summary>Up to which seq of a log an author has read.</summary>
    public ulong ReadTo(AuthorId by, AuthorId of) => _read.GetValueOrDefault((by, of));

    /// <summary>How many people other than its author have read an entry.</summary>
    public int CountOf(AuthorId of, ulong seq, PeerId person) =>
        _read
            .Where(pair => pair.Key.Of == of && pair.Value >= seq)
            .Select(pair =>
                room.Authors.TryGet(pair.Key.By, out var author) ? author.Profile?.Identity.PeerId : null
            )
            .Where(reader => reader is not null && reader != person)
            .Distinct()
            .Count();
}
