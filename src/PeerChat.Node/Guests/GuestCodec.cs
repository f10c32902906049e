using System.Text;
using System.Text.Json;
using PeerChat.Rendezvous.PeerServer;

namespace PeerChat.Node.Guests;

/// <summary>Texts to and from a PeerJS page, in the serialisation that the page chose.</summary>
/// <remarks>
/// Pages send anything: a string, or an object of their own. Of an object the text is taken that stands where pages put it; otherwise
/// it is shown as JSON.
/// </remarks>
internal sealed class GuestCodec(GuestSerialization serialization)
{
    /// <summary>The longest text of a guest, and to one; a room's is as long.</summary>
    public const int MaxTextBytes = 64 * 1024;

    /// <summary>PeerJS cuts longer messages up, and refuses them where they are JSON.</summary>
    public const int MaxPieceBytes = 16_300;

    /// <summary>So many pieces a message may have: the longest text, with what JSON and packing add.</summary>
    public const int MaxPieces = 8;

    /// <summary>Messages whose pieces are still coming; a page sends one after the other.</summary>
    public const int MaxUnfinished = 2;

    private static readonly string[] TextFields = ["text", "message", "msg", "body", "content"];
    private readonly Dictionary<long, byte[]?[]> _unfinished = [];
    private long _lastId;

    /// <summary>Reads a message.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="isText">Whether it came as a text message.</param>
    public GuestMessage Read(ReadOnlyMemory<byte> message, bool isText) =>
        serialization switch
        {
            GuestSerialization.Raw => isText ? ReadRaw(message.Span) : GuestMessage.Malformed,
            GuestSerialization.Json => ReadJson(message),
            _ => ReadBinary(message),
        };

    /// <summary>The messages that a text becomes; none where the page could not take it.</summary>
    public IReadOnlyList<byte[]> Write(string text)
    {
        switch (serialization)
        {
            case GuestSerialization.Raw:
                return [Encoding.UTF8.GetBytes(text)];
            case GuestSerialization.Json:
                var json = JsonSerializer.SerializeToUtf8Bytes(text, GuestJson.Default.String);
                return json.Length < MaxPieceBytes ? [json] : [];
            default:
                return InPieces(BinaryPack.Pack(text));
        }
    }

    /// <summary>The messages by which the page closes at once.</summary>
    public byte[] WriteClose() =>
        serialization == GuestSerialization.Binary
            ? BinaryPack.PackClose()
            : """{"__peerData":{"type":"close"}}"""u8.ToArray();

    /// <summary>Whether what is written goes as text messages.</summary>
    public bool WritesText => serialization == GuestSerialization.Raw;

    private static GuestMessage ReadRaw(ReadOnlySpan<byte> message) =>
        System.Text.Unicode.Utf8.IsValid(message)
            ? GuestMessage.OfText(Encoding.UTF8.GetString(message))
            : GuestMessage.Malformed;

    private GuestMessage ReadBinary(ReadOnlyMemory<byte> message)
    {
        if (BinaryPack.TryReadPiece(message.Span, out var piece))
        {
            return Take(piece);
        }

        return BinaryPack.TryReadJson(message.Span, out var json)
            ? ReadJson(Encoding.UTF8.GetBytes(json))
            : GuestMessage.Malformed;
    }

    private GuestMessage Take(BinaryPackPiece piece)
    {
        if (piece.Total > MaxPieces || piece.Data.Length > MaxPieceBytes)
        {
            return GuestMessage.TooLong;
        }

        if (!_unfinished.TryGetValue(piece.Id, out var pieces))
        {
            if (_unfinished.Count == MaxUnfinished)
            {
                return GuestMessage.Malformed;
            }

            pieces = new byte[]?[piece.Total];
            _unfinished.Add(piece.Id, pieces);
        }

        if (pieces.Length != piece.Total || pieces[piece.Index] is not null)
        {
            return GuestMessage.Malformed;
        }

        pieces[piece.Index] = piece.Data;
        if (pieces.Contains(null))
        {
            return GuestMessage.Nothing;
        }

        _unfinished.Remove(piece.Id);
        byte[] whole = [.. pieces.SelectMany(one => one!)];
        return BinaryPack.TryReadPiece(whole, out _) ? GuestMessage.Malformed // pieces of pieces
            : BinaryPack.TryReadJson(whole, out var json) ? ReadJson(Encoding.UTF8.GetBytes(json))
            : GuestMessage.Malformed;
    }

    private static GuestMessage ReadJson(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var document = JsonDocument.Parse(
                message,
                new JsonDocumentOptions { MaxDepth = BinaryPack.MaxDepth + 1 }
            );
            var root = document.RootElement;
            return root.ValueKind switch
            {
                JsonValueKind.Null => GuestMessage.Nothing,
                JsonValueKind.String => GuestMessage.OfText(root.GetString()!),
                JsonValueKind.Object => ReadObject(root),
                _ => GuestMessage.OfText(root.GetRawText()),
            };
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return GuestMessage.Malformed; // also half a surrogate pair
        }
    }

    private static GuestMessage ReadObject(JsonElement root)
    {
        if (root.TryGetProperty("__peerData", out var word))
        {
            return
                word.ValueKind == JsonValueKind.Object
                && word.TryGetProperty("type", out var type)
                && type.ValueKind == JsonValueKind.String
                && type.ValueEquals("close")
                ? GuestMessage.Close
                : GuestMessage.Malformed;
        }

        foreach (var field in TextFields)
        {
            if (root.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String)
            {
                return GuestMessage.OfText(text.GetString()!);
            }
        }

        return GuestMessage.OfText(root.GetRawText());
    }

    private List<byte[]> InPieces(byte[] packed)
    {
        if (packed.Length <= MaxPieceBytes)
        {
            return [packed];
        }

        var id = ++_lastId;
        var pieces = packed.Chunk(MaxPieceBytes).ToList();
        return
        [
            .. pieces.Select(
                (data, index) => BinaryPack.Pack(new BinaryPackPiece(id, index, pieces.Count, data))
            ),
        ];
    }
}
