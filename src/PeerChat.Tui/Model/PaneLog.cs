using System.Collections.Immutable;
using PeerChat.Node;
using PeerChat.Terminal.Text;

namespace PeerChat.Tui.Model;

/// <summary>The lines of a chat in the order of reading, which is the same at every peer.</summary>
internal sealed record PaneLog
{
    /// <summary>Lines kept in memory for a chat; what is older is read from the store when wanted (10,000 take some 10 MB).</summary>
    public const int MaxLines = 10_000;

    /// <summary>Lines kept of a chat in which one reads further up, so that they stay where they are: as many again.</summary>
    public const int MaxLinesReading = 2 * MaxLines;

    /// <summary>No lines.</summary>
    public static PaneLog Empty { get; } = new();

    /// <summary>The lines.</summary>
    public ImmutableList<LogEntry> Entries { get; private init; } = [];

    private ImmutableDictionary<string, LogEntry> ById { get; init; } =
        ImmutableDictionary.Create<string, LogEntry>(StringComparer.Ordinal);

    private long NextKey { get; init; } = 1;

    // Where the rule stands, so that nobody looks through all lines for it with each that comes
    private LogPlace? Rule { get; init; }

    /// <summary>The oldest message; null if there is none.</summary>
    public ChatMessage? Oldest => Entries.Find(entry => entry.Message is not null)?.Message;

    /// <summary>The message with an id; null if it is not here.</summary>
    public ChatMessage? Find(string id) => ById.GetValueOrDefault(id)?.Message;

    /// <summary>With a message put where it belongs, in place of what had its id before.</summary>
    public PaneLog Put(ChatMessage message) => Put(message.Id, message);

    /// <summary>With a message in place of one that had another id; it stays the same line.</summary>
    public PaneLog Put(string oldId, ChatMessage message)
    {
        var place = new LogPlace(message.Order, message.Id, 0);
        var old = ById.GetValueOrDefault(oldId) ?? ById.GetValueOrDefault(message.Id);
        if (old is null)
        {
            return Insert(new LogEntry(NextKey, place, message)) with { NextKey = NextKey + 1 };
        }

        var entry = old with { Place = place, Message = message };
        if (old.Place != place)
        {
            return Without(oldId).Without(message.Id).Insert(entry);
        }

        return this with
        {
            Entries = Entries.SetItem(IndexOf(place), entry),
            ById = ById.SetItem(message.Id, entry),
        };
    }

    /// <summary>Without a message.</summary>
    public PaneLog Without(string id) =>
        ById.GetValueOrDefault(id) is not { } entry
            ? this
            : this with
            {
                Entries = Entries.RemoveAt(IndexOf(entry.Place)),
                ById = ById.Remove(id),
            };

    /// <summary>With a message's delivery moved on.</summary>
    public PaneLog Mark(string id, DeliveryState state, int deliveredTo) =>
        Find(id) is { } message ? Put(message with { State = state, DeliveredTo = deliveredTo }) : this;

    /// <summary>With a message's picture.</summary>
    public PaneLog WithPreview(string id, StyledText picture) =>
        ById.GetValueOrDefault(id) is { Message: not null } entry
            ? this with
            {
                Entries = Entries.SetItem(IndexOf(entry.Place), entry with { Preview = picture }),
                ById = ById.SetItem(id, entry with { Preview = picture }),
            }
            : this;

    /// <summary>With a sentence of the program's own behind the last message that has its place.</summary>
    public PaneLog Say(string sentence, bool isWarning = false) =>
        Insert(new LogEntry(NextKey, EndPlace(NextKey), null, sentence, isWarning)) with
        {
            NextKey = NextKey + 1,
        };

    /// <summary>With the help at its end, in place of one that is there.</summary>
    public PaneLog WithHelp(IEnumerable<HelpLine> lines)
    {
        var log = WithoutHelp();
        foreach (var line in lines)
        {
            var place = log.EndPlace(log.NextKey);
            log = log.Insert(new LogEntry(log.NextKey, place, null) { Help = line }) with
            {
                NextKey = log.NextKey + 1,
            };
        }

        return log;
    }

    /// <summary>Without the help.</summary>
    public PaneLog WithoutHelp() =>
        this with
        {
            Entries = Entries.RemoveAll(entry => entry.Help is not null),
        };

    /// <summary>With the rule below what was read last, before a message that is here and the first unread one.</summary>
    public PaneLog WithRule(string id)
    {
        if (ById.GetValueOrDefault(id) is not { } entry)
        {
            return this;
        }

        var rule = new LogEntry(NextKey, entry.Place with { Sub = -1 }, null) { IsRule = true };
        return WithoutRule().Insert(rule) with { NextKey = NextKey + 1, Rule = rule.Place };
    }

    /// <summary>Whether there is that rule.</summary>
    public bool HasRule => Rule is not null;

    /// <summary>Without that rule.</summary>
    public PaneLog WithoutRule() =>
        Rule is { } place ? this with { Entries = Entries.RemoveAt(IndexOf(place)), Rule = null } : this;

    /// <summary>With the first page of history; what the program has said so far comes behind it.</summary>
    public PaneLog PutFirstPage(IEnumerable<ChatMessage> messages)
    {
        var said = Entries.FindAll(entry => entry.Message is null && !entry.IsRule);
        var log = this with { Entries = Entries.RemoveAll(entry => entry.Message is null && !entry.IsRule) };
        foreach (var message in messages)
        {
            log = log.Put(message);
        }

        foreach (var entry in said)
        {
            log = log.Insert(entry with { Place = log.EndPlace(entry.Key) });
        }

        return log;
    }

    /// <summary>Without the oldest lines that are too many.</summary>
    /// <param name="most">How many stay.</param>
    public PaneLog Trimmed(int most = MaxLines)
    {
        var excess = Entries.Count - most;
        if (excess <= 0)
        {
            return this;
        }

        var gone = Entries.GetRange(0, excess);
        return this with
        {
            Entries = Entries.RemoveRange(0, excess),
            ById = ById.RemoveRange(gone.Select(entry => entry.Message?.Id).OfType<string>()),
            Rule = gone.Exists(entry => entry.IsRule) ? null : Rule,
        };
    }

    private LogPlace EndPlace(long key)
    {
        for (var i = Entries.Count - 1; i >= 0; i--)
        {
            if (!Entries[i].Place.IsWaiting)
            {
                return Entries[i].Place with { Sub = key };
            }
        }

        return LogPlace.Start with
        {
            Sub = key,
        };
    }

    private PaneLog Insert(LogEntry entry) =>
        this with
        {
            Entries = Entries.Insert(FirstBehind(entry.Place), entry),
            ById = entry.Message is { } message ? ById.SetItem(message.Id, entry) : ById,
        };

    private int IndexOf(LogPlace place) => FirstBehind(place) - 1;

    // Nearly everything comes in at the end, so it is looked at first
    private int FirstBehind(LogPlace place)
    {
        var (low, high) = (0, Entries.Count);
        if (high > 0 && Entries[high - 1].Place.CompareTo(place) <= 0)
        {
            return high;
        }

        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Entries[middle].Place.CompareTo(place) <= 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
