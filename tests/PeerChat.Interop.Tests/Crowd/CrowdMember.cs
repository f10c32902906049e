using System.Text.Json;

namespace PeerChat.Interop.Tests.Crowd;

/// <summary>One user in the room: a process of <c>peerchat rpc</c> that can be killed and started again on its profile.</summary>
internal sealed class CrowdMember(string name, string room, Func<RunningProgram> start)
{
    private readonly string _chat = "#" + room;
    private RunningProgram _program = start();
    private int _requests;
    private int _texts;

    public string Name => name;

    private static readonly string[] Heard = ["message-shown", "chat-changed"];

    /// <summary>Texts that the node said to have durably.</summary>
    public List<string> Acknowledged { get; } = [];

    /// <summary>A text that was given to the node and not acknowledged yet.</summary>
    public string? Pending { get; private set; }

    /// <summary>Greets the node and enters the room.</summary>
    public void Enter()
    {
        Call("hello", new { protocol = 1, kind = "crowd" });
        Call("subscribe", new { events = Heard });
        Call("join-room", new { room });
    }

    /// <summary>Waits until something holds; looks whenever an event came since it did not.</summary>
    public void WaitUntil(Func<CrowdMember, bool> holds, string what)
    {
        while (true)
        {
            var seen = _program.Output.Length;
            if (holds(this))
            {
                return;
            }

            _program.WaitUntil(
                // What it says on standard error is looked at too, and is shorter
                output =>
                    output.Length > seen
                    && output.IndexOf("\"method\":\"event\"", seen, StringComparison.Ordinal) >= 0,
                $"{what} at {name}"
            );
        }
    }

    /// <summary>Sends a text and waits until it is acknowledged.</summary>
    public void Send()
    {
        BeginSend();
        FinishSend();
    }

    /// <summary>Gives the node a text, and does not wait for its answer.</summary>
    public void BeginSend()
    {
        Pending = $"{name} says {++_texts}";
        Ask("send-text", Message());
    }

    /// <summary>Waits until the text is acknowledged; asks again with the same reference, which sends nothing twice.</summary>
    public void FinishSend()
    {
        if (Pending is { } text)
        {
            Call("send-text", Message());
            Acknowledged.Add(text);
            Pending = null;
        }
    }

    /// <summary>Kills it as <c>kill -9</c> does, in whatever it is just doing, and starts it again.</summary>
    public void KillAndReturn()
    {
        _program.Kill();
        _program = start();
        _requests = 0;
        Enter();
    }

    /// <summary>Ends it politely.</summary>
    public void End()
    {
        Ask("goodbye", null);
        _program.Terminate();
    }

    /// <summary>How many others it is linked to.</summary>
    public int CountLinks() =>
        Call("join-room", new { room })
            .GetProperty("chat")
            .GetProperty("members")
            .EnumerateArray()
            .Count(one =>
                one.GetProperty("connected").GetBoolean() && !one.GetProperty("isSelf").GetBoolean()
            );

    /// <summary>All texts of the room, in their order.</summary>
    public List<string> ReadTexts() =>
        [
            .. Call("load-history", new { chat = _chat, count = 10_000 })
                .GetProperty("messages")
                .EnumerateArray()
                .Select(one => one.GetProperty("text").GetString()!),
        ];

    private object Message() =>
        new
        {
            chat = _chat,
            text = Pending,
            reference = Pending,
        };

    private int Ask(string method, object? parameters)
    {
        var id = ++_requests;
        var line = parameters is null
            ? JsonSerializer.Serialize(
                new
                {
                    jsonrpc = "2.0",
                    id,
                    method,
                }
            )
            : JsonSerializer.Serialize(
                new
                {
                    jsonrpc = "2.0",
                    id,
                    method,
                    @params = parameters,
                }
            );
        _program.TryWriteLine(line);
        return id;
    }

    private JsonElement Call(string method, object? parameters)
    {
        var head = $"\"id\":{Ask(method, parameters)},";
        JsonElement? answer = null;
        _program.WaitUntil(
            output => (answer = AnswerIn(output, head)) is not null,
            $"{name}'s answer to {method}"
        );
        return answer!.Value.TryGetProperty("result", out var result)
            ? result
            : throw new InvalidOperationException($"{method} was answered with {answer}.");
    }

    private static JsonElement? AnswerIn(string output, string start)
    {
        var at = output.LastIndexOf("{\"jsonrpc\":\"2.0\"," + start, StringComparison.Ordinal);
        var end = at < 0 ? -1 : output.IndexOf('\n', at);
        return end < 0 ? null : JsonDocument.Parse(output[at..end]).RootElement;
    }
}
