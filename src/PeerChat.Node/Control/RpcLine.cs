using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PeerChat.Node.Control;

/// <summary>Lines of the protocol, with their ends.</summary>
internal static class RpcLine
{
    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>An answer.</summary>
    public static ReadOnlyMemory<byte> Result<T>(byte[] id, T value, JsonTypeInfo<T> shape)
    {
        var line = Answer(id);
        line.Write(",\"result\":"u8);
        WriteValue(line, value, shape);
        line.Write("}\n"u8);
        return line.WrittenMemory;
    }

    /// <summary>An answer that says why not.</summary>
    public static ReadOnlyMemory<byte> Error(byte[]? id, RpcError error)
    {
        var line = Answer(id);
        line.Write(",\"error\":"u8);
        using (var writer = new Utf8JsonWriter(line, Plain))
        {
            writer.WriteStartObject();
            writer.WriteNumber("code"u8, error.Code);
            writer.WriteString("message"u8, error.Message);
            if (error.Refusal is { } refusal)
            {
                writer.WriteStartObject("data"u8);
                writer.WriteString("code"u8, refusal);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        line.Write("}\n"u8);
        return line.WrittenMemory;
    }

    /// <summary>A request.</summary>
    public static ReadOnlyMemory<byte> Request<T>(long id, string method, T parameters, JsonTypeInfo shape)
    {
        var line = new ArrayBufferWriter<byte>();
        line.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        WriteNumber(line, id);
        line.Write(",\"method\":\""u8);
        line.Write(System.Text.Encoding.UTF8.GetBytes(method)); // ours: lower-case words and hyphens
        line.Write("\",\"params\":"u8);
        using (var writer = new Utf8JsonWriter(line, Plain))
        {
            JsonSerializer.Serialize(writer, parameters, shape);
        }

        line.Write("}\n"u8);
        return line.WrittenMemory;
    }

    /// <summary>Adds the notification of an event, whose JSON is made once for all clients.</summary>
    public static void WriteEvent(IBufferWriter<byte> line, LoggedEvent happened)
    {
        line.Write("{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"number\":"u8);
        WriteNumber(line, happened.Number);
        line.Write(",\"event\":"u8);
        line.Write(happened.Json().Span);
        line.Write("}}\n"u8);
    }

    /// <summary>Adds the notification that events are gone.</summary>
    public static void WriteLost(IBufferWriter<byte> line, long from, long to)
    {
        line.Write("{\"jsonrpc\":\"2.0\",\"method\":\"lost\",\"params\":{\"from\":"u8);
        WriteNumber(line, from);
        line.Write(",\"to\":"u8);
        WriteNumber(line, to);
        line.Write("}}\n"u8);
    }

    /// <summary>The notification that the process at the other end is gone.</summary>
    public static ReadOnlyMemory<byte> Closed(string reason)
    {
        var line = new ArrayBufferWriter<byte>();
        line.Write("{\"jsonrpc\":\"2.0\",\"method\":\"closed\",\"params\":{\"reason\":"u8);
        using (var writer = new Utf8JsonWriter(line, Plain))
        {
            writer.WriteStringValue(reason);
        }

        line.Write("}}\n"u8);
        return line.WrittenMemory;
    }

    private static ArrayBufferWriter<byte> Answer(byte[]? id)
    {
        var line = new ArrayBufferWriter<byte>();
        line.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        line.Write(id is null ? "null"u8 : id);
        return line;
    }

    private static void WriteValue<T>(ArrayBufferWriter<byte> line, T value, JsonTypeInfo<T> shape)
    {
        using var writer = new Utf8JsonWriter(line, Plain);
        JsonSerializer.Serialize(writer, value, shape);
    }

    private static void WriteNumber(IBufferWriter<byte> line, long number)
    {
        var span = line.GetSpan(20); // the digits of the smallest long, and its sign
        _ = System.Buffers.Text.Utf8Formatter.TryFormat(number, span, out var written);
        line.Advance(written);
    }
}
