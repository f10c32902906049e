using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace PeerChat.Server.Exchange;

/// <summary>One message of the PeerServer protocol (peerjs-server 1.1): JSON of <c>type</c>, <c>src</c>, <c>dst</c>, <c>payload</c>.</summary>
/// <param name="Type">What it is, in capitals.</param>
/// <param name="Destination">Whom it is for; empty for the server.</param>
/// <param name="Payload">What it carries, as it came; empty for nothing.</param>
internal sealed record ExchangeFrame(string Type, string Destination, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The id is registered.</summary>
    public const string Open = "OPEN";

    /// <summary>Somebody else holds the id.</summary>
    public const string IdTaken = "ID-TAKEN";

    /// <summary>The server refuses.</summary>
    public const string Error = "ERROR";

    /// <summary>Nobody came for a message.</summary>
    public const string Expire = "EXPIRE";

    /// <summary>Somebody is gone, or ends a connection.</summary>
    public const string Leave = "LEAVE";

    /// <summary>The id is still in use.</summary>
    public const string Heartbeat = "HEARTBEAT";

    private const int MaxTypeLength = 16;
    private const int MaxDepth = 32;

    /// <summary>Whether it is handed on to another id.</summary>
    public bool IsForwarded => Type is "OFFER" or "ANSWER" or "CANDIDATE" or Leave;

    /// <summary>Reads a message; false where it is none.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> text, out ExchangeFrame frame)
    {
        frame = new ExchangeFrame("", "", default);
        // What is skipped below is handed on as it came, and a browser ends a connection over bytes that are no UTF-8
        if (!Utf8.IsValid(text.Span))
        {
            return false;
        }

        var reader = new Utf8JsonReader(text.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            var (type, destination, payload) = ("", "", ReadOnlyMemory<byte>.Empty);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    type = Text(ref reader);
                }
                else if (reader.ValueTextEquals("dst"u8))
                {
                    destination = Text(ref reader);
                }
                else if (reader.ValueTextEquals("payload"u8))
                {
                    reader.Read();
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    payload = text[start..(int)reader.BytesConsumed];
                }
                else
                {
                    reader.Skip();
                }
            }

            if (
                reader.TokenType != JsonTokenType.EndObject
                || reader.Read()
                || type is not { Length: > 0 and <= MaxTypeLength }
                || (destination.Length > 0 && !PeerServerId.IsId(destination))
            )
            {
                return false;
            }

            frame = new ExchangeFrame(type, destination, payload);
            return true;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return false; // also half a surrogate pair
        }
    }

    /// <summary>Writes a message from one id to another.</summary>
    public static byte[] Write(string type, string source, string destination, ReadOnlySpan<byte> payload)
    {
        var buffer = new ArrayBufferWriter<byte>(payload.Length + 128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteString("src", source);
            writer.WriteString("dst", destination);
            if (!payload.IsEmpty)
            {
                writer.WritePropertyName("payload");
                writer.WriteRawValue(payload, skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes what the server says itself.</summary>
    /// <param name="type">What it is.</param>
    /// <param name="message">A sentence for whoever debugs a page; null for none.</param>
    public static byte[] Write(string type, string? message = null)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            if (message is not null)
            {
                writer.WriteStartObject("payload");
                writer.WriteString("msg", message);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString() ?? "";
        }

        reader.Skip();
        return "";
    }
}
