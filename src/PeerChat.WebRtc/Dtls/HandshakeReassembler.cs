using System.Diagnostics.CodeAnalysis;
using PeerChat.WebRtc.Dtls.Messages;

namespace PeerChat.WebRtc.Dtls;

/// <summary>Puts fragments of handshake messages together and the messages in order (RFC 6347 section 4.2.3).</summary>
internal sealed class HandshakeReassembler
{
    /// <summary>How far ahead of the awaited message another may be: more than any flight has (guess).</summary>
    public const int MaxAhead = 8;

    /// <summary>The most bytes of announced messages in work: a flight with the longest certificate fits (guess).</summary>
    public const int MaxBufferedBytes = 64 * 1024;

    private readonly Dictionary<ushort, PartialMessage> _messages = [];

    /// <summary>The number of the awaited message.</summary>
    public ushort NextSequence { get; private set; }

    /// <summary>Bytes reserved for unfinished or waiting messages.</summary>
    public int BufferedBytes { get; private set; }

    /// <summary>Takes a fragment in; false when it is refused: old, contradictory, empty, or over a limit.</summary>
    public bool TryAdd(in HandshakeHeader header, ReadOnlySpan<byte> fragment)
    {
        var ahead = header.MessageSequence - NextSequence;
        if (
            ahead is < 0 or > MaxAhead
            || header.Length > HandshakeMessage.MaxLengthOf(header.Type)
            || (header.FragmentLength == 0 && header.Length != 0)
        )
        {
            return false;
        }

        if (!_messages.TryGetValue(header.MessageSequence, out var message))
        {
            if (BufferedBytes + header.Length > MaxBufferedBytes)
            {
                return false;
            }

            message = new PartialMessage(header);
            BufferedBytes += header.Length;
            _messages.Add(header.MessageSequence, message);
        }

        return message.TryAdd(header, fragment);
    }

    /// <summary>Takes the awaited message out, if it is whole.</summary>
    public bool TryTakeNext(out HandshakeType type, [NotNullWhen(true)] out byte[]? message)
    {
        if (!_messages.TryGetValue(NextSequence, out var partial) || !partial.IsWhole)
        {
            type = default;
            message = null;
            return false;
        }

        _messages.Remove(NextSequence);
        type = partial.Type;
        message = partial.Bytes;
        BufferedBytes -= message.Length - HandshakeHeader.Size;
        NextSequence++;
        return true;
    }

    private sealed class PartialMessage
    {
        private readonly bool[] _received;
        private int _missing;

        public PartialMessage(in HandshakeHeader header)
        {
            Type = header.Type;
            Bytes = new byte[HandshakeHeader.Size + header.Length];
            (header with { FragmentOffset = 0, FragmentLength = header.Length }).Write(Bytes);
            _received = new bool[header.Length];
            _missing = header.Length;
        }

        public HandshakeType Type { get; }

        public byte[] Bytes { get; }

        public bool IsWhole => _missing == 0;

        public bool TryAdd(in HandshakeHeader header, ReadOnlySpan<byte> fragment)
        {
            if (header.Type != Type || header.Length != _received.Length)
            {
                return false;
            }

            for (var i = 0; i < fragment.Length; i++)
            {
                var position = header.FragmentOffset + i;
                if (_received[position])
                {
                    continue; // the first bytes to arrive stay: an overlap cannot rewrite them
                }

                _received[position] = true;
                Bytes[HandshakeHeader.Size + position] = fragment[i];
                _missing--;
            }

            return true;
        }
    }
}
