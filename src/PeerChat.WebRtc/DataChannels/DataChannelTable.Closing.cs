using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp;

namespace PeerChat.WebRtc.DataChannels;

/// <content>How one channel ends while the others go on (RFC 8831 section 6.7).</content>
internal sealed partial class DataChannelTable
{
    private readonly List<DataChannel> _closing = []; // whose stream has not been reset yet, or cannot be

    private void StartClosing(DataChannel channel, Instant now)
    {
        if (channel.IsClosing)
        {
            return;
        }

        channel.IsClosing = true;
        association.SetLowThreshold(channel.Stream, threshold: null);
        _closing.Add(channel);
        AdvanceClosing(now);
    }

    private void AdvanceClosing(Instant now)
    {
        if (_closing.Count == 0 || !association.IsEstablished)
        {
            return;
        }

        foreach (var channel in _closing.ToArray())
        {
            if (!_closing.Contains(channel))
            {
                continue; // The end of another one let it go on
            }

            if (association.CanResetStreams)
            {
                channel.IsResetAsked = true;
                _closing.Remove(channel);
                association.ResetStream(channel.Stream, now);
            }
            else if (association.BufferedAmount(channel.Stream) == 0)
            {
                // The peer never hears of it, and its sequence numbers go on: the number is lost
                _closing.Remove(channel);
                Finish(channel, isReusable: false, now);
            }
        }
    }

    private void HandleReset(Instant now, SctpEvent.StreamsReset reset)
    {
        foreach (var stream in reset.Streams)
        {
            if (!_channels.TryGetValue(stream.Value, out var channel) || !channel.IsResetAsked)
            {
                continue;
            }

            channel.IsReset = true;
            if (!reset.IsDone)
            {
                Finish(channel, isReusable: false, now);
            }
            else if (channel.IsResetByPeer)
            {
                Finish(channel, isReusable: true, now);
            }
        }
    }

    private void HandlePeerReset(Instant now, SctpEvent.PeerResetStreams reset)
    {
        var channels =
            reset.Streams.Count == 0
                ? [.. _channels.Values]
                : reset
                    .Streams.Select(stream => _channels.GetValueOrDefault(stream.Value))
                    .OfType<DataChannel>()
                    .ToArray();
        foreach (var channel in channels)
        {
            var isRepeated = channel.IsResetByPeer;
            channel.IsResetByPeer = true;
            if (isRepeated)
            {
                TryFinishByReuse(channel, now);
            }
            else if (channel.IsReset)
            {
                Finish(channel, isReusable: true, now);
            }
            else
            {
                StartClosing(channel, now);
            }
        }
    }

    /// <summary>
    /// A peer that has reset its stream and uses it again is done with the channel, and so has taken note of our reset too:
    /// only its answer is late.
    /// </summary>
    private bool TryFinishByReuse(DataChannel channel, Instant now)
    {
        var isDone = association.TryConfirmReset(channel.Stream);
        if (isDone)
        {
            Finish(channel, isReusable: true, now);
        }

        return isDone;
    }

    private void Finish(DataChannel channel, bool isReusable, Instant now)
    {
        _channels.Remove(channel.Id);
        _ids.Release(channel.Id, isReusable);
        if (channel.IsReported)
        {
            _events.Enqueue(new DataChannelEvent.ChannelClosed(channel.Id));
        }

        TakeEarly(now, channel.Stream);
    }
}
