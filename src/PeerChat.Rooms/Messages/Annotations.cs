using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Membership;

namespace PeerChat.Rooms.Messages;

/// <summary>What later entries say about a message: its edits and the reactions to it.</summary>
internal sealed class Annotations(RoomState room, BodyOpener opener)
{
    /// <summary>Entries about one message that are looked at, in order of arrival; what comes after them does not show. A guess.</summary>
    public const int MaxReferences = 4096;

    /// <summary>Different reactions of one person to one message; the newest count. A guess.</summary>
    public const int MaxReactionsOfPerson = 8;

    /// <summary>Different reactions shown of one message, those given first. A guess: two rows.</summary>
    public const int MaxReactionsShown = 32;

    /// <summary>The newest text that the message's person gave it, and what people have reacted with.</summary>
    public (string? Text, IReadOnlyList<RoomReaction> Reactions) Of(EntryId message, PeerId person)
    {
        var entries = room.Store.ReadReferences(message, MaxReferences);
        if (entries.Count == 0)
        {
            return (null, []);
        }

        string? text = null;
        var reactions = new List<(PeerId By, string Emoji, DisplayName Name)>();
        foreach (var entry in entries.OrderBy(one => new EntryPosition(one.OrderClock, one.Id)))
        {
            if (PersonOf(entry) is not { } profile)
            {
                continue;
            }

            var by = profile.Identity.PeerId;
            switch (opener.TryOpen(entry))
            {
                case MessageBody.Edit edit when edit.Target == message && by == person:
                    text = edit.Text;
                    break;
                case MessageBody.Reaction reaction when reaction.Target == message:
                    React(reactions, by, profile.Name, reaction);
                    break;
                default:
                    break;
            }
        }

        return (
            text,
            [
                .. reactions
                    .GroupBy(one => one.Emoji, StringComparer.Ordinal)
                    .Take(MaxReactionsShown)
                    .Select(group => new RoomReaction(
                        group.Key,
                        [.. group.Select(one => one.By)],
                        [.. group.Select(one => one.Name)]
                    )),
            ]
        );
    }

    /// <summary>The edits of a message by its own person, oldest first.</summary>
    public IEnumerable<StoredEntry> EditsOf(EntryId message, PeerId person) =>
        room
            .Store.ReadReferences(message, MaxReferences)
            .Where(entry =>
                PersonOf(entry)?.Identity.PeerId == person
                && opener.TryOpen(entry) is MessageBody.Edit edit
                && edit.Target == message
            );

    private static void React(
        List<(PeerId By, string Emoji, DisplayName Name)> reactions,
        PeerId by,
        DisplayName name,
        MessageBody.Reaction reaction
    )
    {
        reactions.RemoveAll(one => one.By == by && one.Emoji == reaction.Emoji);
        if (reaction.Remove)
        {
            return;
        }

        reactions.Add((by, reaction.Emoji, name));
        if (reactions.Count(one => one.By == by) > MaxReactionsOfPerson)
        {
            reactions.RemoveAt(reactions.FindIndex(one => one.By == by));
        }
    }

    private ProfileRecord? PersonOf(StoredEntry entry) =>
        room.Authors.TryGet(entry.Author, out var author)
        && author.Profile is { } profile
        && !author.IsVoid(entry.Seq, EntryKind.Content)
        && !room.IsBlocked(author)
            ? profile
            : null;
}
