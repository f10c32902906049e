using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace PeerChat.Rendezvous.PeerServer;

/// <summary>What PeerJS pages (1.5) and the PeerServer say to each other of one data connection, in the clear.</summary>
/// <param name="Type">OFFER, CANDIDATE, LEAVE and so on.</param>
/// <param name="Peer">The page's id; the server writes it.</param>
/// <param name="ConnectionId">Which of the page's connections it is about; empty where it says none.</param>
internal sealed record GuestFrame(string Type, string Peer, string ConnectionId)
{
    /// <summary>Half of an address that a page was found at.</summary>
    public const string Candidate = "CANDIDATE";

    /// <summary>The page is gone, or wants the connection to end.</summary>
    public const string Leave = "LEAVE";

    /// <summary>The longest id; PeerJS has 36 letters, names have at most 32.</summary>
    public const int MaxIdLength = 64;

    /// <summary>The longest offer; browsers write some 1,500 characters with all candidates.</summary>
    public const int MaxSdpLength = 16 * 1024;

    private const int MaxCandidateLength = 1024;
    private const int MaxNameLength = 128;
    private const int MaxDepth = 16;

    /// <summary>The offer; null in every other frame, and in an offer that is of no use.</summary>
    public GuestOffer? Offer { get; private init; }

    /// <summary>The candidate attribute; empty in every other frame.</summary>
    public string CandidateText { get; private init; } = "";

    /// <summary>Reads a frame; false where it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out GuestFrame? frame)
    {
        frame = null;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement;
            if (Text(root, "type", MaxIdLength) is not { Length: > 0 } type)
            {
                return false;
            }

            var peer = Text(root, "src", MaxIdLength);
            var payload =
                root.TryGetProperty("payload", out var found) && found.ValueKind == JsonValueKind.Object
                    ? found
                    : default;
            var connection = Text(payload, "connectionId", MaxIdLength);
            frame = new GuestFrame(type, peer, connection)
            {
                Offer = type == PeerServerFrame.Offer ? ReadOffer(peer, connection, payload) : null,
                CandidateText =
                    type == Candidate
                    && payload.ValueKind == JsonValueKind.Object
                    && payload.TryGetProperty("candidate", out var candidate)
                        ? Text(candidate, "candidate", MaxCandidateLength)
                        : "",
            };
            return true;
        }
        catch (Exception wrong)
            when (wrong is JsonException or InvalidOperationException or ArgumentException)
        {
            return false; // also a string with half a surrogate pair
        }
    }

    /// <summary>Writes the answer to a page's offer.</summary>
    public static string WriteAnswer(string peer, string connectionId, string sdp)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", PeerServerFrame.Answer);
            writer.WriteString("dst", peer);
            writer.WriteStartObject("payload");
            writer.WriteStartObject("sdp");
            writer.WriteString("type", "answer");
            writer.WriteString("sdp", sdp);
            writer.WriteEndObject();
            writer.WriteString("type", "data");
            writer.WriteString("connectionId", connectionId);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes that everything with a page is over: it closes its connections at once.</summary>
    public static string WriteLeave(string peer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", Leave);
            writer.WriteString("dst", peer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Whether a name can be an id at a PeerServer: pages check it before they ask for anybody.</summary>
    public static bool IsId(string text)
    {
        var wasLetter = false;
        foreach (var c in text)
        {
            var isLetter = char.IsAsciiLetterOrDigit(c);
            if (!isLetter && (!wasLetter || c is not (' ' or '_' or '-')))
            {
                return false;
            }

            wasLetter = isLetter;
        }

        return wasLetter && text.Length <= MaxIdLength;
    }

    private static GuestOffer? ReadOffer(string peer, string connection, JsonElement payload)
    {
        if (
            peer.Length == 0
            || connection.Length == 0
            || Text(payload, "type", MaxIdLength) != "data"
            || !payload.TryGetProperty("sdp", out var description)
            || Text(description, "type", MaxIdLength) != "offer"
            || Text(description, "sdp", MaxSdpLength) is not { Length: > 0 } sdp
            || SerializationOf(Text(payload, "serialization", MaxIdLength)) is not { } serialization
        )
        {
            return null;
        }

        var name = payload.TryGetProperty("metadata", out var metadata)
            ? Text(metadata, "name", MaxNameLength)
            : "";
        return new GuestOffer(peer, connection, sdp, serialization, name);
    }

    private static GuestSerialization? SerializationOf(string name) =>
        name switch
        {
            "json" => GuestSerialization.Json,
            "binary" or "binary-utf8" or "default" => GuestSerialization.Binary,
            "raw" => GuestSerialization.Raw,
            _ => null,
        };

    // Empty where it is missing, no string, or longer than anything that makes sense
    private static string Text(JsonElement parent, string name, int maxLength) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { } text
        && text.Length <= maxLength
            ? text
            : "";
}
