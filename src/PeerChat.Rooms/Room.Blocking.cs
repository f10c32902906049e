using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms;

/// <content>People whom the user wants nothing of.</content>
/// <remarks>
/// Their headers are taken in and passed on, because others' entries name them; their content is hidden and given to nobody, whoever
/// brought it.
/// </remarks>
public sealed partial class Room
{
    /// <summary>Says who is blocked from now on.</summary>
    public void SetBlocked(IReadOnlySet<PeerId> blocked)
    {
        if (_state.Blocked.SetEquals(blocked))
        {
            return;
        }

        var changed = _state.Blocked.Except(blocked).Concat(blocked.Except(_state.Blocked)).ToHashSet();
        _state.Blocked = blocked;
        if (_state.Authors.All.Any(one => one.Profile is { } p && changed.Contains(p.Identity.PeerId)))
        {
            _state.Emit(new RoomEvent.HistoryChanged());
        }
    }

    /// <summary>Deletes the content of all that a person wrote so far; nothing shows in its place.</summary>
    public void Purge(PeerId person)
    {
        foreach (var author in _state.Authors.All.Where(one => one.Profile?.Identity.PeerId == person))
        {
            _ahead.Drop(author.Id, 0);
            foreach (var entry in ReadLog(author, 1).Where(one => one.Kind == (byte)EntryKind.Content))
            {
                if (!entry.Payload.IsEmpty)
                {
                    Erase([entry], PayloadState.Traceless);
                    _state.Emit(new RoomEvent.MessageHidden(entry.Id));
                }
            }
        }
    }
}
