using System.Text.Json;
using PeerChat.Node;

namespace PeerChat.Tui.Output;

/// <summary>One JSON object a line, as <c>docs/SCRIPTING.md</c> describes.</summary>
internal sealed class JsonWriter(TextWriter output) : IEventWriter
{
    /// <summary>A message as a JSON line.</summary>
    public static string Format(ChatMessage message) =>
        JsonSerializer.Serialize(
            new JsonMessage(
                JsonLines.Version,
                "message",
                message.Id,
                message.Chat,
                new JsonPerson(message.From, message.FromId, message.LooksLike),
                message.Text,
                JsonLines.Time(message.SentAtUnixMilliseconds),
                JsonLines.Word(message.State),
                JsonLines.Word(message.Content),
                message.ReplyTo,
                message.IsEdited,
                [.. (message.Reactions ?? []).Select(one => new JsonReaction(one.Emoji, one.By, one.IsOwn))],
                message.DeliveredTo,
                message.ReadBy,
                message.Recall is { } recall ? new JsonRecall(recall.Asked, recall.Confirmed) : null,
                message.File is { } file ? JsonLines.Shape(file) : null
            ),
            JsonShapes.Default.JsonMessage
        );

    /// <summary>An identity as a JSON line.</summary>
    public static string Format(string name, string id, string shortId) =>
        JsonSerializer.Serialize(
            new JsonIdentity(JsonLines.Version, "identity", name, id, shortId),
            JsonShapes.Default.JsonIdentity
        );

    /// <summary>Whether a passphrase protects a profile's keys, as a JSON line.</summary>
    public static string FormatProtection(string name, bool isProtected) =>
        JsonSerializer.Serialize(
            new JsonProtection(JsonLines.Version, "passphrase", name, isProtected),
            JsonShapes.Default.JsonProtection
        );

    /// <inheritdoc/>
    public void Message(ChatMessage message) => Write(Format(message));

    /// <inheritdoc/>
    public void Request(NodeEvent.RequestReceived request) =>
        Write(
            JsonSerializer.Serialize(
                new JsonRequest(
                    JsonLines.Version,
                    "request",
                    request.Request,
                    new JsonPerson(request.Name, request.PeerId, request.LooksLike),
                    "waiting"
                ),
                JsonShapes.Default.JsonRequest
            )
        );

    /// <inheritdoc/>
    public void Notice(NodeEvent.Notice notice) =>
        Write(
            JsonSerializer.Serialize(
                new JsonNotice(
                    JsonLines.Version,
                    "notice",
                    JsonLines.Word(notice.Code),
                    notice.Chat,
                    notice.Text
                ),
                JsonShapes.Default.JsonNotice
            )
        );

    /// <inheritdoc/>
    public void Person(ChatMember member) => Write(JsonLines.Of(member));

    private void Write(string line)
    {
        output.WriteLine(line);
        output.Flush();
    }
}
