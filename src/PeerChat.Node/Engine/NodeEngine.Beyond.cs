using PeerChat.Node.Meeting;
using PeerChat.Primitives;

namespace PeerChat.Node.Engine;

/// <summary>Names that anybody may claim: looked for on the local network, and beyond it only after a yes.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>So long a name is given to turn up on the local network before the user is asked; most do within a second.</summary>
    internal static readonly TimeSpan BeyondPatience = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Instant> _askBeyondAt = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeEvent.BeyondQuestion> _beyondQuestions = new(
        StringComparer.Ordinal
    );

    private Instant? NextBeyondDeadline => _askBeyondAt.Count > 0 ? _askBeyondAt.Values.Min() : null;

    /// <summary>What the user has just asked for is worth a question; what was merely restored is not.</summary>
    private NodeReply AskBeyondLater(NodeReply reply)
    {
        if (
            reply is NodeReply.Opened { Chat.Chat: var key }
            && !_options.Ladder.IsPublic
            && _services.Exists(service => service.IsNamed)
            && _chats.GetValueOrDefault(key)?.Point is { IsGuessable: true, LooksBeyond: false }
        )
        {
            _askBeyondAt[key] = _now + BeyondPatience;
        }

        return reply;
    }

    private void AskBeyond()
    {
        foreach (var (key, _) in _askBeyondAt.Where(pair => pair.Value <= _now).ToList())
        {
            _askBeyondAt.Remove(key);
            if (
                _chats.GetValueOrDefault(key)
                    is { Point: { IsGuessable: true, LooksBeyond: false } point } chat
                && !IsFoundNearby(point)
            )
            {
                var question = new NodeEvent.BeyondQuestion(
                    key,
                    chat.Title,
                    [.. _services.Where(one => one.IsNamed).Select(one => one.Machine.Endpoint)]
                );
                _beyondQuestions[key] = question;
                _events.Enqueue(question);
            }
        }
    }

    private bool IsFoundNearby(MeetingPoint point) =>
        point.Encounters.Count > 0 || point.DirectLink is not null || IsMet(point);

    /// <summary>A question that answers itself: the name turned up on the local network, or its chat is no more.</summary>
    private void DropBeyondQuestions()
    {
        foreach (var key in _beyondQuestions.Keys)
        {
            if (_chats.GetValueOrDefault(key)?.Point is not { } point || IsFoundNearby(point))
            {
                EndBeyondQuestion(key, look: false);
            }
        }
    }

    private void EndBeyondQuestion(string key, bool look)
    {
        if (_beyondQuestions.Remove(key))
        {
            _events.Enqueue(new NodeEvent.BeyondAnswered(key, look));
        }
    }

    private NodeReply LookBeyond(NodeCommand.LookBeyond look)
    {
        if (!_chats.TryGetValue(look.Chat, out var chat))
        {
            return NoSuchChat(look.Chat);
        }

        if (chat.Point is not { IsGuessable: true } point)
        {
            return Bad($"{chat.Title} is looked for by a key, not by a name; there is nothing to decide.");
        }

        (point.LooksBeyond, _reachIsDue) = (look.Look, true);
        _askBeyondAt.Remove(chat.Key);
        EndBeyondQuestion(chat.Key, look.Look);
        MarkDirty(chat.Key);
        return new NodeReply.Done();
    }
}
