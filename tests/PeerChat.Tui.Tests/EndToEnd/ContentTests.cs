using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>Edit, reply, reaction, recall, search and block, as two users do them: real processes, real files.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ContentTests : IDisposable
{
    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void A_message_is_edited_answered_reacted_to_found_and_taken_back()
    {
        using var bob = Daemon("bob", "--accept-any");
        using var alice = Daemon("alice");
        Run("alice", "send", "--to", Name("bob"), "the heron flies at non", "--wait", "delivered");
        Run("alice", "edit", "1", "the heron flies at noon", "--to", Name("bob"));
        WaitFor(() => History("bob", "alice").Any(line => Text(line) == "the heron flies at noon"));
        var id = History("bob", "alice")[0].GetProperty("id").GetString()!;
        Run("bob", "react", id[..8], "+1", "--to", Name("alice"));
        Run("bob", "reply", "1", "which heron?", "--to", Name("alice"));
        WaitFor(() => History("alice", "bob").Count == 2);
        WaitFor(() => History("alice", "bob")[0].GetProperty("reactions").GetArrayLength() == 1);

        var shown = History("alice", "bob");
        shown[0].GetProperty("edited").GetBoolean().ShouldBeTrue();
        shown[0].GetProperty("reactions")[0].GetProperty("emoji").GetString().ShouldBe("+1");
        shown[1].GetProperty("replyTo").GetString().ShouldBe(id);
        Run("bob", "search", "HERON noon", "--from", Name("alice")).ShouldContain("the heron flies at noon");

        Run("bob", "receipts", "read", "on").ShouldContain("read receipts: on");
        Run("alice", "recall", id, "--to", Name("bob"));
        WaitFor(() =>
            History("alice", "bob")[0].GetProperty("recall") is { ValueKind: JsonValueKind.Object } recall
            && recall.GetProperty("confirmed").GetInt32() == 1
        );
        History("bob", "alice")[0].GetProperty("content").GetString().ShouldBe("recalled");
        Run("bob", "search", "noon").ShouldNotContain("heron");
        foreach (var file in Directory.EnumerateFiles(_homes.Of("bob"), "*.db*", SearchOption.AllDirectories))
        {
            Contains(file, "heron flies").ShouldBeFalse(file);
        }

        Run("bob", "block", Name("alice")).ShouldContain("blocked");
        Run("alice", "send", "--to", Name("bob"), "hello?", "--wait", "queued");
        Run("bob", "unblock", Name("alice")).ShouldNotContain("blocked");
        WaitFor(() => History("bob", "alice").Any(line => Text(line) == "hello?"));
    }

    private static string? Text(JsonElement line) => line.GetProperty("text").GetString();

    private static bool Contains(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }

    // Another process does it, so it is asked again until it has; each question starts a process and so takes its time
    private static void WaitFor(Func<bool> holds)
    {
        var until = DateTime.UtcNow + PeerChatProgram.Patience;
        while (!holds())
        {
            DateTime.UtcNow.ShouldBeLessThan(until);
        }
    }

    private List<JsonElement> History(string who, string with) =>
        [
            .. Run(who, "history", "--with", Name(with), "--json")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];

    private string Name(string who) => _homes.Name(who);

    private PeerChatProgram Daemon(string who, params string[] more)
    {
        var daemon = PeerChatProgram.Start(_homes.Of(who), ["daemon", "--user", Name(who), .. more]);
        daemon.WaitForErrors("runs the node");
        return daemon;
    }

    private string Run(string who, params string[] arguments)
    {
        var (code, output, errors) = PeerChatProgram.Run(_homes.Of(who), arguments);
        code.ShouldBe(0, $"{string.Join(' ', arguments)}: {errors}");
        return output;
    }
}
