using System.Globalization;
using System.Net.Sockets;
using System.Text;
using PeerChat.Node.Control;

namespace PeerChat.Node.Host;

/// <summary>The few requests of an <see cref="ExpressSend"/>, one after the other.</summary>
/// <param name="socket">The connection, in blocking mode, with time limits.</param>
/// <remarks>Every line that is not as expected ends it: <see cref="Send"/> says false, or the socket's exception goes through.</remarks>
internal sealed class ExpressConversation(Socket socket)
{
    /// <summary>Lines looked at in all: some for others' messages that move on meanwhile; more are not the plain case.</summary>
    internal const int MaxLines = 256;

    /// <summary>The longest line looked at: an opened chat with its draft and remembered input lines, or one's own text come back.</summary>
    internal const int MaxLineBytes = RpcSession.MaxLineBytes;

    private const int FirstBytes = 4096;

    private readonly Dictionary<string, string> _moved = new(StringComparer.Ordinal); // the last state by message, at most MaxLines
    private byte[] _buffer = new byte[FirstBytes];
    private int _start;
    private int _end;
    private int _lines;
    private int _lastId;

    /// <summary>Sends a text; whether it came as far as wanted.</summary>
    public bool Send(
        NodeOptions options,
        NodeCommand join,
        string text,
        string reference,
        DeliveryState wanted
    )
    {
        var hello = Ask(RpcMethod.Hello, $$"""{"protocol":{{RpcSession.Protocol}},"kind":"send"}""");
        if (
            JsonText.ListAt(hello, "result", "interfaces") is not { } interfaces
            || !OwnerOnly.AreInterfacesOf(options, interfaces)
        )
        {
            return false;
        }

        var opened = join switch
        {
            NodeCommand.JoinPeer peer => Ask(
                "join-peer",
                $$"""{"target":{{JsonText.Quote(peer.Target)}},"address":{{JsonText.Quote(peer.Address)}}}"""
            ),
            NodeCommand.JoinRoom room => Ask(
                "join-room",
                $$"""{"room":{{JsonText.Quote(room.Room)}},"address":{{JsonText.Quote(room.Address)}}}"""
            ),
            _ => default,
        };
        if (JsonText.At(opened, "result", "chat", "chat") is not { } chat)
        {
            return false;
        }

        // Until somebody takes it there are questions that only a face asks
        if (
            wanted > DeliveryState.Queued
            && (
                JsonText.At(opened, "result", "chat", "connection") != "connected"
                || Ask(RpcMethod.Subscribe, """{"events":["message-state-changed"]}""").IsEmpty
            )
        )
        {
            return false;
        }

        var accepted = Ask(
            "send-text",
            $$"""{"chat":{{JsonText.Quote(chat)}},"text":{{JsonText.Quote(text)}},"reference":{{JsonText.Quote(reference)}}}"""
        );
        if (
            JsonText.At(accepted, "result", "message", "id") is not { } id
            || JsonText.At(accepted, "result", "message", "state") is not { } state
        )
        {
            return false;
        }

        while (!HasCome(state, wanted) && !HasCome(_moved.GetValueOrDefault(id), wanted))
        {
            if (!TryRead(out var line) || !TakeEvent(line))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasCome(string? state, DeliveryState wanted) =>
        state switch
        {
            "queued" => wanted == DeliveryState.Queued,
            "sent" => wanted <= DeliveryState.Sent,
            "delivered" => wanted <= DeliveryState.Delivered,
            _ => false,
        };

    /// <summary>Asks, and returns the line of the answer, valid until the next call; empty for an error and whatever else is not expected.</summary>
    private ReadOnlySpan<byte> Ask(string method, string parameters)
    {
        var id = (++_lastId).ToString(CultureInfo.InvariantCulture);
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(
            $$"""{"jsonrpc":"2.0","id":"{{id}}","method":"{{method}}","params":{{parameters}}}""" + "\n"
        );
        while (!rest.IsEmpty)
        {
            rest = rest[socket.Send(rest)..];
        }

        while (TryRead(out var line))
        {
            if (JsonText.At(line, "id") == id)
            {
                return JsonText.At(line, "error", "message") is null ? line : default;
            }

            if (!TakeEvent(line))
            {
                break;
            }
        }

        return default;
    }

    private bool TakeEvent(ReadOnlySpan<byte> line)
    {
        switch (JsonText.At(line, "params", "event", "event"))
        {
            case "in-step":
                return true;
            case "message-state-changed"
                when JsonText.At(line, "params", "event", "message") is { } message
                    && JsonText.At(line, "params", "event", "state") is { } state:
                _moved[message] = state;
                return true;
            default:
                return false;
        }
    }

    private bool TryRead(out ReadOnlySpan<byte> line)
    {
        line = default;
        if (_lines++ == MaxLines)
        {
            return false;
        }

        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = _buffer.AsSpan(_start, length);
                _start += length + 1;
                return true;
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (_end == _buffer.Length)
            {
                if (_end >= MaxLineBytes)
                {
                    return false;
                }

                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            var read = socket.Receive(_buffer.AsSpan(_end));
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }
    }
}
