using PeerChat.Node;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Model;

/// <summary>What the user has seen, which the node keeps, and what was unread when the screen began.</summary>
internal sealed partial class Turn
{
    /// <summary>The newest lines among which the last message to be told as read is looked for.</summary>
    private const int NewestLooked = 50;

    private void MarkRead(ChatMessage message)
    {
        if (
            !message.IsOwn
            && State is { HasFocus: true, Glance: null }
            && message.Chat == State.Current
            && State.Shown is { Scroll.IsAtEnd: true, StaysUnread: false } pane
            && (message.Arrival == 0 || message.Arrival > pane.MarkedTo)
        )
        {
            ChangeShown(shown => shown with { MarkedTo = Math.Max(shown.MarkedTo, message.Arrival) });
            Tell(new NodeCommand.MarkRead(message.Chat, message.Id));
        }
    }

    /// <summary>Tells the node once that what is in sight was read: what the user looks at, at the end of a chat.</summary>
    private void MarkShownRead()
    {
        if (
            State is not { HasFocus: true, Glance: null }
            || State.Shown is not { HasFirstPage: true, Scroll.IsAtEnd: true, StaysUnread: false } pane
        )
        {
            return;
        }

        var entries = pane.Log.Entries;
        ChatMessage? newest = null;
        for (var i = entries.Count - 1; i >= Math.Max(0, entries.Count - NewestLooked); i--)
        {
            if (
                entries[i].Message is { IsOwn: false } message
                && message.Arrival > (newest?.Arrival ?? pane.MarkedTo)
            )
            {
                newest = message;
            }
        }

        if (newest is not null)
        {
            MarkRead(newest);
        }
    }

    /// <summary>Opens a pane by a key that leads on to others: what is unread there stays so where the user goes on at once.</summary>
    private void GlanceAt(Pane pane)
    {
        var glance =
            pane.Unread > 0 && pane.Key != State.Current ? new Glance(pane.Unread, pane.Highlights) : null;
        Go(pane.Key, glance);
        if (glance is not null)
        {
            _effects.Add(new AppEffect.Wake(Glance.Time));
        }
    }

    /// <summary>The user stays: what is in sight is read.</summary>
    private void EndGlance()
    {
        State = State with { Glance = null };
        MarkShownRead();
    }

    /// <summary>Has a message and what came after it be unread again, as it was before anybody looked.</summary>
    private void MarkUnread(ChatMessage message)
    {
        var later = State
            .Shown.Log.Entries.Select(entry => entry.Message)
            .OfType<ChatMessage>()
            .Where(one => !one.IsOwn && one.Arrival >= message.Arrival)
            .ToList();
        ChangeShown(pane =>
            pane with
            {
                Unread = later.Count,
                Highlights = State.Self is { } self
                    ? later.Count(one => Mentions.Has(one.Text, self.Name))
                    : 0,
                MarkedTo = message.Arrival - 1,
                StaysUnread = true,
                Log = pane.Log.WithRule(message.Id),
            }
        );
        State = State with { Selected = null, Hint = Texts.MarkedUnread };
        Tell(new NodeCommand.MarkRead(message.Chat, message.Id, Unread: true));
    }

    /// <summary>Draws the rule above what came while no screen was there, and counts those that name the user.</summary>
    private void ShowUnread(NodeEvent.HistoryLoaded loaded)
    {
        if (State.Find(loaded.Chat) is not { UnreadAfter: { } after } pane)
        {
            return;
        }

        var unread = Array.FindAll(loaded.Messages, message => !message.IsOwn && message.Arrival > after);
        var log = pane.Log.HasRule || unread.Length == 0 ? pane.Log : pane.Log.WithRule(unread[0].Id);
        var isShown = loaded.Chat == State.Current;
        var naming = State.Self is { } self
            ? unread.Count(message => Mentions.Has(message.Text, self.Name))
            : 0;
        State = State.With(
            loaded.Chat,
            before =>
                before with
                {
                    UnreadAfter = null,
                    Log = log,
                    Highlights = isShown ? 0 : Math.Max(before.Highlights, naming),
                }
        );
    }
}
