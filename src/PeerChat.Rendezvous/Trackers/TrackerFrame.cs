using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using PeerChat.Rendezvous.Services;

namespace PeerChat.Rendezvous.Trackers;

/// <summary>A message of a WebTorrent tracker. Its binary names are strings of 20 characters, each one byte.</summary>
/// <param name="InfoHash">The tag, as 40 hexadecimal digits; empty where the message names none.</param>
/// <param name="Peer">The other side, as the tracker knows it.</param>
/// <param name="OfferId">What the offer is called.</param>
/// <param name="Offer">A sealed offer, or empty.</param>
/// <param name="Answer">A sealed answer, or empty.</param>
/// <param name="Interval">After how many seconds the tracker wants to hear again; 0 where it does not say.</param>
/// <param name="Failure">What the tracker says is wrong; empty for nothing.</param>
internal sealed record TrackerFrame(
    string InfoHash,
    string Peer,
    string OfferId,
    ReadOnlyMemory<byte> Offer,
    ReadOnlyMemory<byte> Answer,
    double Interval,
    string Failure
)
{
    /// <summary>Characters of a binary name.</summary>
    public const int NameLength = 20;

    private const int MaxDepth = 8;

    /// <summary>Reads a message; false where it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TrackerFrame? frame)
    {
        frame = null;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            frame = new TrackerFrame(
                Hex(Text(root, "info_hash")),
                Name(Text(root, "peer_id")),
                Name(Text(root, "offer_id")),
                Blob(root, "offer"),
                Blob(root, "answer"),
                root.TryGetProperty("interval", out var seconds)
                && seconds.ValueKind == JsonValueKind.Number
                && seconds.TryGetDouble(out var interval)
                    ? interval
                    : 0,
                ServiceText.Clean(Text(root, "failure reason"))
            );
            return true;
        }
        catch (Exception wrong)
            when (wrong is JsonException or InvalidOperationException or ArgumentException)
        {
            return false; // also a string with half a surrogate pair
        }
    }

    /// <summary>Writes an announcement, with an offer or without.</summary>
    /// <param name="infoHash">The tag, 40 hexadecimal digits.</param>
    /// <param name="peer">One's own name there, 20 characters.</param>
    /// <param name="happened">started, stopped, or null.</param>
    /// <param name="offerId">What the offer is called, 20 characters; null for no offer.</param>
    /// <param name="offer">The sealed offer.</param>
    public static string Announce(
        string infoHash,
        string peer,
        string? happened,
        string? offerId,
        ReadOnlyMemory<byte> offer
    ) =>
        Write(
            infoHash,
            peer,
            writer =>
            {
                if (happened is not null)
                {
                    writer.WriteString("event", happened);
                }

                if (happened == "stopped")
                {
                    return;
                }

                writer.WriteNumber("numwant", offerId is null ? 0 : 1);
                writer.WriteStartArray("offers");
                if (offerId is not null)
                {
                    writer.WriteStartObject();
                    writer.WriteString("offer_id", offerId);
                    WriteDescription(writer, "offer", offer);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }
        );

    /// <summary>Writes an answer.</summary>
    public static string WriteAnswer(
        string infoHash,
        string peer,
        string to,
        string offerId,
        ReadOnlyMemory<byte> answer
    ) =>
        Write(
            infoHash,
            peer,
            writer =>
            {
                writer.WriteString("to_peer_id", to);
                writer.WriteString("offer_id", offerId);
                WriteDescription(writer, "answer", answer);
            }
        );

    private static string Write(string infoHash, string peer, Action<Utf8JsonWriter> rest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("action", "announce");
            writer.WriteString("info_hash", Encoding.Latin1.GetString(Convert.FromHexString(infoHash)));
            writer.WriteString("peer_id", peer);
            rest(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteDescription(Utf8JsonWriter writer, string type, ReadOnlyMemory<byte> blob)
    {
        writer.WriteStartObject(type);
        writer.WriteString("type", type);
        writer.WriteBase64String("sdp", blob.Span);
        writer.WriteEndObject();
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string Name(string? text) =>
        text is { Length: NameLength } && text.All(character => character <= byte.MaxValue) ? text : "";

    private static string Hex(string? text) =>
        Name(text) is { Length: > 0 } name ? Convert.ToHexStringLower(Encoding.Latin1.GetBytes(name)) : "";

    private static ReadOnlyMemory<byte> Blob(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var description)
        && description.ValueKind == JsonValueKind.Object
        && description.TryGetProperty("sdp", out var sdp)
        && sdp.ValueKind == JsonValueKind.String
        && sdp.TryGetBytesFromBase64(out var bytes)
        && bytes.Length <= ServiceLimits.MaxBlobBytes
            ? bytes
            : default(ReadOnlyMemory<byte>);
}
