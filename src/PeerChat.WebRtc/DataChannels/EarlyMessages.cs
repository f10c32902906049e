using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;

namespace PeerChat.WebRtc.DataChannels;

/// <summary>Keeps messages for channels whose DATA_CHANNEL_OPEN has not come: unordered ones can overtake it.</summary>
internal sealed class EarlyMessages
{
    /// <summary>Messages kept over all channels; more than overtakes an OPEN on an honest path (guess).</summary>
    public const int MaxMessages = 64;

    /// <summary>Bytes kept over all channels (guess).</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>How long; an OPEN that takes longer does not come (guess).</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private readonly List<(Instant At, SctpEvent.MessageReceived Message)> _messages = [];
    private int _bytes;

    /// <summary>Keeps a message; false when there is no room.</summary>
    public bool TryAdd(Instant now, SctpEvent.MessageReceived message)
    {
        if (_messages.Count == MaxMessages || _bytes + message.Payload.Length > MaxBytes)
        {
            return false;
        }

        _messages.Add((now, message));
        _bytes += message.Payload.Length;
        return true;
    }

    /// <summary>Forgets what is too old; returns how many messages those were.</summary>
    public int DropExpired(Instant now) => _messages.Count == 0 ? 0 : RemoveExpired(now);

    /// <summary>Takes the messages of a channel that has opened.</summary>
    public IReadOnlyList<SctpEvent.MessageReceived> Take(StreamId stream) =>
        _messages.Count == 0 ? [] : Remove(entry => entry.Message.Stream == stream);

    private int RemoveExpired(Instant now) => Remove(entry => now - entry.At > Life).Count;

    private List<SctpEvent.MessageReceived> Remove(
        Predicate<(Instant At, SctpEvent.MessageReceived Message)> which
    )
    {
        if (_messages.Count == 0)
        {
            return [];
        }

        var removed = _messages.FindAll(which).ConvertAll(entry => entry.Message);
        _messages.RemoveAll(which);
        _bytes -= removed.Sum(message => message.Payload.Length);
        return removed;
    }
}
