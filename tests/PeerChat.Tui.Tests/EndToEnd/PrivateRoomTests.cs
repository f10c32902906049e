using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>A private room from its making to a removal: real processes on loopback.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class PrivateRoomTests : IDisposable
{
    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void Who_was_invited_reads_as_far_back_as_the_policy_says_and_nothing_after_its_removal()
    {
        using var alice = Daemon("alice");
        Run("alice", "room", "create", "crew", "--history", "last 1");
        Run("alice", "send", "--room", "crew", "too old", "--wait", "queued");
        Run("alice", "send", "--room", "crew", "just before", "--wait", "queued");
        var link = Invite();
        using var bob = Daemon("bob");
        Run("bob", "join", link, "--timeout", "60s").ShouldContain("crew");
        PeerChatProgram
            .Run(_homes.Of("carol"), "join", link, "--user", _homes.Name("carol"), "--interface", "loopback")
            .Code.ShouldBe(4, "the invitation admits one");
        using var carol = Daemon("carol");
        Run("carol", "join", Invite(), "--timeout", "60s");

        // Perhaps before he has heard of her: then a key of this one message goes to her
        Run("bob", "send", "--room", "crew", "hello all", "--wait", "delivered");
        WaitFor("carol", "hello all");
        Run("bob", "history", "--room", "crew").ShouldContain("just before");
        Run("bob", "history", "--room", "crew").ShouldNotContain("too old");

        Run("alice", "remove", _homes.Name("carol"), "--room", "crew");
        Run("alice", "send", "--room", "crew", "not for carol", "--wait", "delivered");
        WaitFor("bob", "not for carol");
        Run("carol", "history", "--room", "crew").ShouldNotContain("not for carol");
        PeerChatProgram
            .Run(_homes.Of("bob"), "remove", _homes.Name("alice"), "--room", "crew")
            .Code.ShouldBe(4);

        bob.Kill();
        Run("alice", "send", "--room", "crew", "while bob was dead", "--wait", "queued");
        using var again = Daemon("bob");
        WaitFor("bob", "while bob was dead");
        Run("bob", "leave", "--room", "crew");
        PeerChatProgram.Run(_homes.Of("bob"), "send", "--room", "crew", "too late").Code.ShouldBe(4);
    }

    [Fact]
    public void Every_command_about_rooms_answers_a_program()
    {
        using var alice = Daemon("alice");
        Json("alice", "room", "create", "crew").GetProperty("title").GetString().ShouldBe("crew");
        var invited = Json("alice", "invite", "--room", "crew", "--role", "inviter");
        invited.GetProperty("role").GetString().ShouldBe("inviter");
        using var bob = Daemon("bob");
        Json("bob", "join", invited.GetProperty("link").GetString()!, "--timeout", "60s")
            .GetProperty("type")
            .GetString()
            .ShouldBe("room");
        Role("alice", "bob").ShouldBe("inviter");
        // An inviter invites in turn, but makes no admins
        PeerChatProgram
            .Run(_homes.Of("bob"), "invite", "--room", "crew", "--role", "admin")
            .Code.ShouldBe(4);
        var link = Json("bob", "invite", "--room", "crew").GetProperty("link").GetString()!;
        using var carol = Daemon("carol");
        Run("carol", "join", link, "--timeout", "60s");
        Role("alice", "carol").ShouldBe("member");

        Run("alice", "send", "--room", "crew", "landing at six", "--wait", "delivered");
        var id = Json("alice", "history", "--room", "crew").GetProperty("id").GetString()!;
        Json("alice", "search", "landing").GetProperty("id").GetString().ShouldBe(id);
        Json("alice", "edit", id, "landing at seven", "--room", "crew")
            .GetProperty("edited")
            .GetBoolean()
            .ShouldBeTrue();
        Json("alice", "react", id, "👍", "--room", "crew")
            .GetProperty("reactions")
            .GetArrayLength()
            .ShouldBe(1);
        Json("alice", "reply", id, "who fetches us?", "--room", "crew")
            .GetProperty("replyTo")
            .GetString()
            .ShouldBe(id);
        Json("alice", "topic", "the landing", "--room", "crew")
            .GetProperty("type")
            .GetString()
            .ShouldBe("done");
        Json("alice", "policy", "last 10", "--room", "crew")
            .GetProperty("command")
            .GetString()
            .ShouldBe("policy");
        Json("alice", "promote", _homes.Name("bob"), "--room", "crew")
            .GetProperty("type")
            .GetString()
            .ShouldBe("done");
        Role("alice", "bob").ShouldBe("admin");
        Json("alice", "demote", _homes.Name("bob"), "--room", "crew")
            .GetProperty("type")
            .GetString()
            .ShouldBe("done");
        Role("alice", "bob").ShouldBe("member");
        Json("alice", "remove", _homes.Name("carol"), "--room", "crew")
            .GetProperty("command")
            .GetString()
            .ShouldBe("remove");
        Json("alice", "recall", id, "--room", "crew").GetProperty("content").GetString().ShouldBe("recalled");
        Json("alice", "rooms").GetProperty("title").GetString().ShouldBe("crew");
        Json("bob", "leave", "--room", "crew").GetProperty("type").GetString().ShouldBe("done");
        Run("alice", "export", "--room", "crew", "--json").ShouldContain("who fetches us?");
        Json("alice", "backup", Path.Combine(_homes.Of("alice"), "backup.peerchat"))
            .GetProperty("type")
            .GetString()
            .ShouldBe("backup");
    }

    // Whom another member let in is a member here as soon as that has come
    private string? Role(string asks, string of)
    {
        string? role = null;
        PeerChatProgram.WaitUntil(
            () =>
                (
                    role = Run(asks, "members", "--room", "crew", "--json")
                        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                        .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement)
                        .Where(line => line.GetProperty("name").GetString() == _homes.Name(of))
                        .Select(line => line.GetProperty("role").GetString())
                        .SingleOrDefault()
                )
                    is not null,
            $"{of} among the members for {asks}"
        );
        return role;
    }

    private System.Text.Json.JsonElement Json(string user, params string[] arguments) =>
        System.Text.Json.JsonDocument.Parse(Run(user, [.. arguments, "--json"]).Split('\n')[0]).RootElement;

    private string Invite() => Run("alice", "invite", "--room", "crew").Split('\n')[0];

    private PeerChatProgram Daemon(string user)
    {
        var daemon = PeerChatProgram.Start(
            _homes.Of(user),
            "daemon",
            "--user",
            _homes.Name(user),
            "--interface",
            "loopback"
        );
        daemon.WaitForErrors("runs the node");
        return daemon;
    }

    /// <summary>Until the history has a text.</summary>
    private void WaitFor(string user, string text) =>
        PeerChatProgram.WaitUntil(
            () => Run(user, "history", "--room", "crew").Contains(text, StringComparison.Ordinal),
            $"{user}: {text}"
        );

    private string Run(string user, params string[] arguments)
    {
        var (code, output, errors) = PeerChatProgram.Run(_homes.Of(user), arguments);
        code.ShouldBe(0, $"{user}: {string.Join(' ', arguments)}: {errors}");
        return output;
    }
}
