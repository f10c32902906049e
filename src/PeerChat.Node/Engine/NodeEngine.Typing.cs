using Google.Protobuf;
using PeerChat.Node.Links;
using PeerChat.Node.Links.Wire;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>Who is writing: said on a channel of its own, which may lose it, and never stored.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>Silence after which somebody is writing no more. A guess: two notices may be lost.</summary>
    private static readonly TimeSpan TypingLifetime = TimeSpan.FromSeconds(6);

    /// <summary>Between two notices that one is still writing.</summary>
    private static readonly TimeSpan TypingInterval = TimeSpan.FromSeconds(2);

    /// <summary>People whose writing is shown at once; more cannot be read. A guess.</summary>
    private const int MaxTyping = 64;

    private readonly Dictionary<(string Chat, PeerId Who), (Instant Until, string Name)> _typing = [];

    private Instant? NextTypingDeadline =>
        _typing.Count == 0 ? null
        : _typing.Values.Min(one => one.Until.Ticks) is var ticks ? new Instant(ticks)
        : null;

    private NodeReply SetTyping(NodeCommand.SetTyping typing)
    {
        if (!_chats.TryGetValue(typing.Chat, out var chat))
        {
            return NoSuchChat(typing.Chat);
        }

        if (
            chat.Room is not { } room
            || (typing.IsTyping && chat.TypingNotBefore > _now)
            || !OptionsOf(chat.Key).Typing
        )
        {
            return new NodeReply.Done();
        }

        chat.TypingNotBefore = typing.IsTyping ? _now + TypingInterval : default;
        var frame = new LinkFrame
        {
            Typing = new Typing
            {
                RoomId = ByteString.CopyFrom(room.Id.Value.ToArray()),
                IsTyping = typing.IsTyping,
            },
        };
        foreach (var link in _links.All.Where(link => link.CommonRooms.Contains(room.Id)))
        {
            link.SendTyping(frame, _now);
        }

        return new NodeReply.Done();
    }

    private void HandleTyping(PeerLink link, Typing typing)
    {
        if (typing.RoomId.Length != Bytes32.Size)
        {
            return;
        }

        var id = new RoomId(new Bytes32(typing.RoomId.Span));
        var chat = _chats.Values.FirstOrDefault(chat => chat.Room?.Id == id);
        if (chat is null || !link.CommonRooms.Contains(id))
        {
            return;
        }

        var key = (chat.Key, link.Peer!.PeerId);
        if (!typing.IsTyping)
        {
            EndTyping(key);
        }
        else if (_typing.ContainsKey(key) || _typing.Count < MaxTyping)
        {
            var name = _contacts.Find(link.Peer.PeerId)?.Name ?? link.PeerName!.ToString();
            if (!_typing.ContainsKey(key))
            {
                _events.Enqueue(
                    new NodeEvent.TypingChanged(chat.Key, name, PeerIdText.Format(key.PeerId), IsTyping: true)
                );
            }

            _typing[key] = (_now + TypingLifetime, name);
        }
    }

    private void EndTyping((string Chat, PeerId Who) key)
    {
        if (_typing.Remove(key, out var typing))
        {
            _events.Enqueue(
                new NodeEvent.TypingChanged(
                    key.Chat,
                    typing.Name,
                    PeerIdText.Format(key.Who),
                    IsTyping: false
                )
            );
        }
    }

    private void HandleTypingDeadline()
    {
        foreach (var key in _typing.Where(one => one.Value.Until <= _now).Select(one => one.Key).ToList())
        {
            EndTyping(key);
        }
    }
}
