using System.Text.Json;
using System.Text.Json.Nodes;
using PeerChat.Node.Control;
using PeerChat.Node.Tests.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Documents;

/// <summary>What two real nodes say to their bots is what the documents promise.</summary>
public sealed class ProtocolTrafficTests : IDisposable
{
    private static readonly string Suffix = "-" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..6];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_line_that_a_bot_receives_is_as_published()
    {
        await using var alice = new RpcClient(OptionsOf("alice"));
        await using var bob = new RpcClient(OptionsOf("bob"));
        foreach (var bot in new[] { alice, bob })
        {
            await bot.AskAsync("hello", new() { ["protocol"] = 1, ["kind"] = "test-bot" });
            await bot.AskAsync("subscribe");
            await bot.WaitForAsync("in-step");
        }

        var opened = await alice.AskAsync("join-peer", new() { ["target"] = "bob" + Suffix });
        var chat = (string)opened["result"]!["chat"]!["chat"]!;
        await alice.AskAsync(
            "send-text",
            new()
            {
                ["chat"] = chat,
                ["text"] = "hello",
                ["reference"] = "r1",
            }
        );
        var request = await bob.WaitForAsync("request-received");
        await bob.AskAsync("list-requests");
        await bob.AskAsync(
            "answer-request",
            new() { ["request"] = (string)request["request"]!, ["accept"] = true }
        );
        var question = await alice.WaitForAsync("outbox-question");
        await alice.AskAsync(
            "release-outbox",
            new() { ["chat"] = (string)question["chat"]!, ["release"] = true }
        );
        var shown = await bob.WaitForAsync("message-shown");
        var id = (string)shown["message"]!["id"]!;
        await alice.WaitForAsync("message-state-changed", one => (string)one["state"]! == "delivered");

        chat = (string)shown["message"]!["chat"]!;
        await bob.AskAsync("find-message", new() { ["chat"] = chat, ["message"] = id });
        await bob.AskAsync("find-message", new() { ["chat"] = chat, ["message"] = new string('0', 64) });
        await bob.AskAsync("load-history", new() { ["chat"] = chat, ["count"] = 10 });
        await bob.AskAsync("save-draft", new() { ["chat"] = chat, ["text"] = "half a sen" });
        await bob.AskAsync("remember-input", new() { ["chat"] = chat, ["text"] = "a line" });
        await bob.AskAsync("join-room", new() { ["room"] = "dev" + Suffix });
        foreach (
            var method in new[]
            {
                "list-chats",
                "list-contacts",
                "list-requests",
                "get-status",
                "ping",
                "methods",
            }
        )
        {
            await bob.AskAsync(method);
        }

        // Mistakes too: each is an error of the published form.
        await bob.AskAsync("send-text", new() { ["chat"] = "#nowhere", ["text"] = "hi" });
        await bob.AskAsync("send-text", new() { ["chat"] = chat });
        await bob.AskAsync("choose-peer", new() { ["target"] = "nobody", ["peerId"] = "pc1" });
        await bob.AskAsync("sned-text");
        await bob.AskAsync("undo-answer", new() { ["request"] = (string)request["request"]! });
        await bob.AskAsync("unsubscribe");
        await alice.AskAsync("subscribe", new() { ["afterArrival"] = 0 });
        await alice.AskAsync("goodbye");

        var kinds = Check(alice).Concat(Check(bob)).ToHashSet();
        kinds.ShouldContain("message-shown");
        kinds.Count.ShouldBeGreaterThan(8, string.Join(' ', kinds));
    }

    private static List<string> Check(RpcClient bot)
    {
        var schema = new SchemaCheck(RpcSchema.Make());
        var kinds = new List<string>();
        foreach (var (method, line) in bot.Lines)
        {
            schema.Problem(line).ShouldBeNull(line.ToJsonString());
            if (line["params"]?["event"] is { } happened)
            {
                // Strictly: a member that the records do not have would not be read.
                var read = JsonSerializer.Deserialize(happened, SurfaceJson.Strict.NodeEvent)!;
                JsonSerializer
                    .SerializeToNode(read, SurfaceJson.Wire.NodeEvent)!
                    .ToJsonString()
                    .ShouldBe(happened.ToJsonString());
                schema.Problem(happened, $"event.{happened["event"]}").ShouldBeNull(happened.ToJsonString());
                kinds.Add((string)happened["event"]!);
            }
            else if (method is not null && line["result"] is { } result)
            {
                schema.Problem(result, $"result.{method}").ShouldBeNull($"{method}: {result.ToJsonString()}");
                if (result is JsonObject && result["reply"] is not null)
                {
                    JsonSerializer.Deserialize(result, SurfaceJson.Strict.NodeReply).ShouldNotBeNull();
                }
            }
        }

        return kinds;
    }

    private NodeOptions OptionsOf(string user) =>
        new()
        {
            User = user + Suffix,
            ProfileDirectory = _folder.In(user),
            Interfaces = ["loopback"],
        };
}
