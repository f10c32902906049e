using System.Text.Json;
using PeerChat.Node;

namespace PeerChat.Tui.Output;

/// <summary>One JSON object a line, as <c>docs/SCRIPTING.md</c> describes.</summary>
internal sealed class JsonWriter(TextWriter output) : IEventWriter
{
    private const int Version = 1;

    /// <summary>A message as a JSON line.</summary>
    public static string Format(ChatMessage message) =>
        JsonSerializer.Serialize(
            new JsonMessage(
                Version,
                "message",
                message.Id,
                message.Chat,
                new JsonPerson(message.From, message.FromId),
                message.Text,
                Time(message.SentAtUnixMilliseconds),
                Lower(message.State)
            ),
            JsonShapes.Default.JsonMessage
        );

    /// <summary>An identity as a JSON line.</summary>
    public static string Format(string name, string id, string shortId) =>
        JsonSerializer.Serialize(
            new JsonIdentity(Version, "identity", name, id, shortId),
            JsonShapes.Default.JsonIdentity
        );

    /// <inheritdoc/>
    public void Message(ChatMessage message) => Write(Format(message));

    /// <inheritdoc/>
    public void Request(NodeEvent.RequestReceived request) =>
        Write(
            JsonSerializer.Serialize(
                new JsonRequest(
                    Version,
                    "request",
                    request.Request,
                    new JsonPerson(request.Name, request.PeerId),
                    "waiting"
                ),
                JsonShapes.Default.JsonRequest
            )
        );

    /// <inheritdoc/>
    public void Notice(NodeEvent.Notice notice) =>
        Write(
            JsonSerializer.Serialize(
                new JsonNotice(Version, "notice", Lower(notice.Code), notice.Chat, notice.Text),
                JsonShapes.Default.JsonNotice
            )
        );

    private static string Time(long unixMilliseconds) =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(unixMilliseconds)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static string Lower<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private void Write(string line)
    {
        output.WriteLine(line);
        output.Flush();
    }
}
