using System.Text.Json;
using System.Text.Unicode;

namespace PeerChat.Node.Control;

/// <summary>One line from a client: a request, or a notification, which gets no answer (JSON-RPC 2.0, section 4).</summary>
/// <param name="Id">The id as it stood in the line, to be repeated in the answer; null for a notification.</param>
/// <param name="Method">The method.</param>
/// <param name="Params">The object of the parameters as it stood in the line, empty where there is none; a part of the line's memory.</param>
internal sealed record RpcRequest(byte[]? Id, string Method, ReadOnlyMemory<byte> Params)
{
    /// <summary>An id comes back in the answer; more than this is no name for a request.</summary>
    public const int MaxIdBytes = 1024;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = SurfaceJson.MaxDepth };

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="request">The request; null where there is none.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryParse(ReadOnlyMemory<byte> line, out RpcRequest request, out RpcError error)
    {
        (request, error) = (null!, null!);
        if (!Utf8.IsValid(line.Span))
        {
            error = new RpcError(RpcErrorCode.NotJson, "The line is not UTF-8.");
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(line.Span, Strict);
            var problem = Read(ref reader, line, out request);
            while (reader.Read())
            {
                // To the end, so that half a request is not taken for a whole one.
            }

            error = problem is null ? null! : new RpcError(RpcErrorCode.NoRequest, problem);
            return problem is null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            error = new RpcError(RpcErrorCode.NotJson, $"The line is not JSON: {Shorten(malformed.Message)}");
            return false;
        }
    }

    private static string? Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> line, out RpcRequest request)
    {
        request = null!;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TokenType == JsonTokenType.StartArray
                ? "Batches are not spoken here; send one object a line."
                : "A request is an object: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"…\"}.";
        }

        byte[]? id = null;
        string? method = null;
        var parameters = ReadOnlyMemory<byte>.Empty;
        var (hasVersion, hasParams) = (false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("jsonrpc"u8))
            {
                reader.Read();
                hasVersion = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                if (id is not null)
                {
                    return "The request has two ids.";
                }

                id = ReadId(ref reader, line);
                if (id is null)
                {
                    return $"An id is a text, a number or null, of {MaxIdBytes} bytes at most.";
                }
            }
            else if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String || method is not null)
                {
                    return "The method is given once, as a text.";
                }

                method = reader.GetString();
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                reader.Read();
                if (hasParams || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
                {
                    return "The params are given once, by name, as an object.";
                }

                hasParams = true;
                parameters = reader.TokenType == JsonTokenType.Null ? default : Slice(ref reader, line);
            }
            else
            {
                reader.Read();
                reader.Skip(); // what later versions or other programs add
            }
        }

        if (!hasVersion)
        {
            return "A request says \"jsonrpc\":\"2.0\".";
        }

        if (method is null)
        {
            return "A request names its method.";
        }

        request = new RpcRequest(id, method, parameters);
        return null;
    }

    private static byte[]? ReadId(ref Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null))
        {
            return null;
        }

        var id = Slice(ref reader, line);
        return id.Length <= MaxIdBytes ? id.ToArray() : null;
    }

    private static ReadOnlyMemory<byte> Slice(ref Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return line[start..(int)reader.BytesConsumed];
    }

    // The framework's sentence ends with a note for programmers.
    private static string Shorten(string message) =>
        message.IndexOf(" LineNumber", StringComparison.Ordinal) is > 0 and var end
            ? message[..end]
            : message;
}
