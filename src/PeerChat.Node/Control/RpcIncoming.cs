using System.Text.Json;

namespace PeerChat.Node.Control;

/// <summary>A line from an owner: an answer or a notification.</summary>
/// <param name="Id">The request it answers; null for others.</param>
/// <param name="Result">The result as it stood in the line; a part of the line's memory.</param>
/// <param name="Error">The error, where it is one.</param>
/// <param name="Event">The event, where it is one of a kind that is known here.</param>
internal sealed record RpcIncoming(long? Id, ReadOnlyMemory<byte> Result, RpcError? Error, ClientEvent? Event)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = SurfaceJson.MaxDepth };

    /// <summary>Reads a line; false where it is none of the protocol.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> line, out RpcIncoming incoming)
    {
        incoming = null!;
        try
        {
            var reader = new Utf8JsonReader(line.Span, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            incoming = Read(ref reader, line);
            return true;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static RpcIncoming Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        long? id = null;
        var (result, parameters) = (ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty);
        RpcError? error = null;
        var isEvent = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id =
                    reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)
                        ? number
                        : null;
            }
            else if (reader.ValueTextEquals("result"u8))
            {
                result = Slice(ref reader, line);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                error = ReadError(ref reader);
            }
            else if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                isEvent = reader.ValueTextEquals("event"u8);
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                parameters = Slice(ref reader, line);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new RpcIncoming(id, result, error, isEvent ? ReadEvent(parameters) : null);
    }

    private static RpcError ReadError(ref Utf8JsonReader reader)
    {
        var (code, message, refusal) = (RpcErrorCode.Fault, "", (string?)null);
        reader.Read();
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            // The code of the error stands one level above the code of its data.
            var isInData = reader.CurrentDepth > depth + 1;
            if (reader.ValueTextEquals("code"u8))
            {
                reader.Read();
                if (isInData && reader.TokenType == JsonTokenType.String)
                {
                    refusal = reader.GetString();
                }
                else if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
                {
                    code = number;
                }
            }
            else if (!isInData && reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                message = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
            }
        }

        return new RpcError(code, message, refusal);
    }

    private static ClientEvent? ReadEvent(ReadOnlyMemory<byte> parameters)
    {
        var reader = new Utf8JsonReader(parameters.Span, Options);
        var (number, json) = (0L, ReadOnlyMemory<byte>.Empty);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("number"u8))
            {
                reader.Read();
                number =
                    reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var read) ? read : 0;
            }
            else if (reader.ValueTextEquals("event"u8))
            {
                json = Slice(ref reader, parameters);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        try
        {
            var happened = JsonSerializer.Deserialize(json.Span, SurfaceJson.Wire.NodeEvent);
            return happened is null ? null : new ClientEvent(number, happened);
        }
        catch (Exception unknown) when (unknown is JsonException or NotSupportedException)
        {
            return null; // of a kind that a newer version tells
        }
    }

    private static ReadOnlyMemory<byte> Slice(ref Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return line[start..(int)reader.BytesConsumed];
    }
}
