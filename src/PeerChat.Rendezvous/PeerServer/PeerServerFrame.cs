using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using PeerChat.Rendezvous.Services;

namespace PeerChat.Rendezvous.PeerServer;

/// <summary>One message of the PeerServer protocol (peerjs-server 1.1): JSON of <c>type</c>, <c>src</c>, <c>dst</c>, <c>payload</c>.</summary>
/// <param name="Type">What it is, in capitals.</param>
/// <param name="Source">Whom it comes from; the server writes it.</param>
/// <param name="Blob">A sealed offer or answer of PeerChat's, or empty.</param>
/// <param name="Message">What the server says of an error.</param>
internal sealed record PeerServerFrame(string Type, string Source, ReadOnlyMemory<byte> Blob, string Message)
{
    /// <summary>The server has registered the id.</summary>
    public const string Open = "OPEN";

    /// <summary>Somebody else holds the id.</summary>
    public const string IdTaken = "ID-TAKEN";

    /// <summary>The server refuses.</summary>
    public const string Error = "ERROR";

    /// <summary>The key is not the server's; older servers.</summary>
    public const string InvalidKey = "INVALID-KEY";

    /// <summary>An offer.</summary>
    public const string Offer = "OFFER";

    /// <summary>An answer.</summary>
    public const string Answer = "ANSWER";

    /// <summary>Nobody fetched a message in time.</summary>
    public const string Expire = "EXPIRE";

    /// <summary>What keeps a registration alive; nothing else does.</summary>
    public const string Heartbeat = """{"type":"HEARTBEAT"}""";

    private const int MaxIdLength = 64;
    private const int MaxDepth = 8;

    /// <summary>Reads a message; false where it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PeerServerFrame? frame)
    {
        frame = null;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "type") is not { } type)
            {
                return false;
            }

            var source = Text(root, "src") ?? "";
            if (source.Length > MaxIdLength)
            {
                return false;
            }

            var (blob, message) = (ReadOnlyMemory<byte>.Empty, "");
            if (root.TryGetProperty("payload", out var payload) && payload.ValueKind == JsonValueKind.Object)
            {
                message = ServiceText.Clean(Text(payload, "msg"));
                blob = Bytes(payload);
            }

            frame = new PeerServerFrame(type, source, blob, message);
            return true;
        }
        catch (Exception wrong)
            when (wrong is JsonException or InvalidOperationException or ArgumentException)
        {
            return false; // also a string with half a surrogate pair
        }
    }

    /// <summary>Writes a message that carries a blob to an id.</summary>
    public static string Write(string type, string destination, ReadOnlyMemory<byte> blob)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteString("dst", destination);
            writer.WriteStartObject("payload");
            writer.WriteBase64String("peerchat", blob.Span);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static ReadOnlyMemory<byte> Bytes(JsonElement payload) =>
        payload.TryGetProperty("peerchat", out var sealedBlob)
        && sealedBlob.ValueKind == JsonValueKind.String
        && sealedBlob.TryGetBytesFromBase64(out var bytes)
        && bytes.Length <= ServiceLimits.MaxBlobBytes
            ? bytes
            : default(ReadOnlyMemory<byte>);

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
