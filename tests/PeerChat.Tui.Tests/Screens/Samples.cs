using PeerChat.Node;

namespace PeerChat.Tui.Tests.Screens;

/// <summary>What a node would tell.</summary>
internal static class Samples
{
    /// <summary>2025-03-03 12:00 UTC.</summary>
    public const long Noon = 1_741_003_200_000;

    public static NodeEvent.Ready Ready { get; } = new("alice", "pc1alice", "k3d9-0abc", ["lo"], 27717);

    public static ChatSummary Chat(
        string key,
        string title,
        ConnectionState state = ConnectionState.Connected,
        string detail = "direct, 10.0.0.2:27717",
        int queued = 0,
        string draft = "",
        params string[] history
    ) =>
        new(
            key,
            title,
            key.StartsWith('#') ? ChatKind.OpenRoom : ChatKind.Direct,
            state,
            detail,
            [],
            queued,
            draft,
            history
        );

    public static NodeEvent.ChatChanged Bob(int queued = 0) => new(Chat("@bob", "bob", queued: queued));

    public static ChatMessage Message(
        int order,
        string text,
        string from = "bob",
        string chat = "@bob",
        string? id = null,
        DeliveryState state = DeliveryState.Received
    ) =>
        new(
            chat,
            id ?? $"{order:x8}",
            from,
            "pc1" + from,
            state != DeliveryState.Received,
            text,
            Noon + (order * 60_000),
            state,
            0,
            (ulong)order
        );

    public static NodeEvent.MessageShown Shown(int order, string text, string chat = "@bob") =>
        new(Message(order, text, chat: chat));

    public static NodeEvent.HistoryLoaded History(int first, int count, bool hasOlder) =>
        new(
            "@bob",
            [.. Enumerable.Range(first, count).Select(order => Message(order, $"message {order}"))],
            hasOlder
        );

    public static NodeEvent.RequestReceived Request(string name = "eve", string request = "r1") =>
        new(request, name, $"pc1{name}full", "zzzz-0000");

    /// <summary>A screen on which bob's chat is open and its history loaded.</summary>
    public static TestScreen WithBob(int columns = 80, int rows = 24, int messages = 0)
    {
        var screen = new TestScreen(columns, rows);
        screen.Tell(Ready, Bob(), History(1, messages, hasOlder: false));
        _ = screen.Posted;
        return screen;
    }
}
