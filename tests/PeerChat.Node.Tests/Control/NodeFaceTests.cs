using PeerChat.Node.Control;
using PeerChat.Node.Host;
using PeerChat.Node.Profiles;
using PeerChat.Node.Tests.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

/// <summary>Faces of real nodes on loopback.</summary>
public sealed class NodeFaceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder _folder = new();
    private readonly NodeOptions _options;

    public NodeFaceTests() =>
        _options = new NodeOptions
        {
            User = "face-" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..8],
            ProfileDirectory = _folder.Profile.FullPath,
            Interfaces = ["lo"],
        };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_face_owns_the_second_attaches_and_both_see_and_say_the_same()
    {
        await using var first = await OpenAsync("first");
        await using var second = await OpenAsync("second");

        (await NextAsync<NodeEvent.OwnerChanged>(first)).ShouldBe(
            new NodeEvent.OwnerChanged(true, Environment.ProcessId)
        );
        (await NextAsync<NodeEvent.OwnerChanged>(second)).IsThisProcess.ShouldBeFalse();
        await NextAsync<NodeEvent.InStep>(first);
        await NextAsync<NodeEvent.InStep>(second);

        var room = (await second.AskAsync(new NodeCommand.JoinRoom("together"), Cancellation))
            .ShouldBeOfType<NodeReply.Opened>()
            .Chat.Chat;
        var sent = await second.AskAsync(new NodeCommand.SendText(room, "from the second"), Cancellation);
        sent.ShouldBeOfType<NodeReply.Accepted>();
        (await NextAsync<NodeEvent.MessageShown>(first)).Message.Text.ShouldBe("from the second");
        (await NextAsync<NodeEvent.MessageShown>(second)).Message.Text.ShouldBe("from the second");

        var status = (
            await first.AskAsync(new NodeCommand.GetStatus(), Cancellation)
        ).ShouldBeOfType<NodeReply.Status>();
        status.Node.Faces.Select(face => face.Kind).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task When_the_owner_leaves_the_attached_face_takes_over_and_nothing_is_lost_or_doubled()
    {
        var first = await OpenAsync("first");
        await using var second = await OpenAsync("second");
        await NextAsync<NodeEvent.InStep>(second);
        var room = (await second.AskAsync(new NodeCommand.JoinRoom("handing-on"), Cancellation))
            .ShouldBeOfType<NodeReply.Opened>()
            .Chat.Chat;
        await second.AskAsync(new NodeCommand.SendText(room, "before"), Cancellation);
        await NextAsync<NodeEvent.MessageShown>(second);

        var leaving = first.DisposeAsync().AsTask();
        var asked = Enumerable
            .Range(0, 20)
            .Select(i => second.AskAsync(new NodeCommand.SendText(room, $"text {i}"), Cancellation))
            .ToList();
        await leaving;
        var replies = await Task.WhenAll(asked).WaitAsync(Patience, Cancellation);

        replies.ShouldAllBe(reply => reply is NodeReply.Accepted);
        while (!(await NextAsync<NodeEvent.OwnerChanged>(second)).IsThisProcess)
        {
            // the first one told of the first owner
        }

        var history = (
            await second.AskAsync(new NodeCommand.LoadHistory(room, 100), Cancellation)
        ).ShouldBeOfType<NodeReply.History>();
        history
            .Messages.Select(message => message.Text)
            .ShouldBe(
                [.. Enumerable.Range(0, 20).Select(i => $"text {i}").Prepend("before")],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task What_an_owner_had_not_answered_when_it_died_is_asked_of_the_next_one_once()
    {
        _folder.Profile.Create();
        var held = ProfileLock.Acquire(_folder.Profile);
        var asked = new TaskCompletionSource();
        var dying = new FakeHost { Introduction = new HelloResult(1, "1", "run-1", "x", "y", 1, ["lo"]) };
        dying.Answer = command =>
        {
            if (command is not NodeCommand.SendText)
            {
                return Task.FromResult<NodeReply>(
                    new NodeReply.Opened(
                        new ChatSummary(
                            "#mid",
                            "",
                            ChatKind.OpenRoom,
                            ConnectionState.Searching,
                            "",
                            [],
                            0,
                            "",
                            []
                        )
                    )
                );
            }

            asked.TrySetResult();
            return new TaskCompletionSource<NodeReply>().Task;
        };
        var server = new ControlServer(SocketListener.Open(_folder.Profile), dying);
        await using var face = await OpenAsync("face");
        await face.AskAsync(new NodeCommand.JoinRoom("mid"), Cancellation);

        var sending = face.AskAsync(new NodeCommand.SendText("#mid", "once"), Cancellation);
        await asked.Task.WaitAsync(Patience, Cancellation);
        held.Dispose();
        await server.DisposeAsync();

        (await sending.WaitAsync(Patience, Cancellation)).ShouldBeOfType<NodeReply.Accepted>();
        var history = (
            await face.AskAsync(new NodeCommand.LoadHistory("#mid", 10), Cancellation)
        ).ShouldBeOfType<NodeReply.History>();
        history.Messages.ShouldHaveSingleItem().Text.ShouldBe("once");
        (await NextAsync<NodeEvent.OwnerChanged>(face)).ProcessId.ShouldBe(1);
        (await NextAsync<NodeEvent.OwnerChanged>(face)).ShouldBe(new NodeEvent.OwnerChanged(false, 0));
        (await NextAsync<NodeEvent.OwnerChanged>(face)).IsThisProcess.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_wants_to_take_over_gets_the_profile_and_the_others_attach_to_it()
    {
        await using var screen = await OpenAsync("screen");
        await using var listener = await OpenAsync("listen");
        await NextAsync<NodeEvent.InStep>(screen);
        await NextAsync<NodeEvent.InStep>(listener);

        await using var daemon = await OpenAsync("daemon", Ownership.TakeOver);

        (await NextAsync<NodeEvent.OwnerChanged>(daemon)).IsThisProcess.ShouldBeTrue();
        (await NextAsync<NodeEvent.HandedOver>(listener)).ProcessId.ShouldBe(Environment.ProcessId);
        (await NextAsync<NodeEvent.OwnerChanged>(screen)).IsThisProcess.ShouldBeFalse();
        (await NextAsync<NodeEvent.OwnerChanged>(listener)).IsThisProcess.ShouldBeFalse();
        await NextAsync<NodeEvent.InStep>(screen);
        await NextAsync<NodeEvent.InStep>(listener);
        var status = (
            await screen.AskAsync(new NodeCommand.GetStatus(), Cancellation)
        ).ShouldBeOfType<NodeReply.Status>();
        status
            .Node.Faces.Select(face => face.Kind)
            .ShouldBe(["daemon", "screen", "listen"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_face_that_never_reads_its_events_still_gets_answers_and_holds_up_nobody()
    {
        await using var owner = await OpenAsync("owner");
        await using var deaf = await OpenAsync("deaf");
        var room = (await deaf.AskAsync(new NodeCommand.JoinRoom("busy"), Cancellation))
            .ShouldBeOfType<NodeReply.Opened>()
            .Chat.Chat;

        var replies = await Task.WhenAll(
                Enumerable
                    .Range(0, 3 * FaceFeed.Capacity)
                    .Select(i => deaf.AskAsync(new NodeCommand.SendText(room, $"{i}"), Cancellation))
            )
            .WaitAsync(Patience, Cancellation);
        replies.ShouldAllBe(reply => reply is NodeReply.Accepted);

        // Everything is still there once it reads: no more than a queue of it was kept here.
        for (var i = 0; i < 3 * FaceFeed.Capacity; i++)
        {
            (await NextAsync<NodeEvent.MessageShown>(deaf)).Message.Text.ShouldBe($"{i}");
        }
    }

    [Fact]
    public async Task A_face_hears_of_what_it_asks_first()
    {
        await using var owner = await OpenAsync("owner");
        for (var i = 0; i < 20; i++)
        {
            await using var face = await OpenAsync($"face {i}");
            // Both are on their way before anything of the face has had time to run.
            var joined = face.AskAsync(new NodeCommand.JoinRoom("busy"), Cancellation);
            var sent = face.AskAsync(new NodeCommand.SendText("#busy", $"{i}"), Cancellation);

            (await NextAsync<NodeEvent.MessageShown>(face)).Message.Text.ShouldBe($"{i}");
            await Task.WhenAll(joined, sent);
        }
    }

    [Fact]
    public async Task A_face_that_may_not_own_says_that_nobody_runs()
    {
        var problem = await Should.ThrowAsync<NodeStartException>(() => OpenAsync("attach", Ownership.Never));

        problem.Failure.ShouldBe(NodeStartFailure.NotRunning);
        problem.Message.ShouldContain("peerchat daemon");
    }

    [Fact]
    public async Task A_held_lock_without_a_socket_is_explained_after_a_while()
    {
        _folder.Profile.Create();
        using var held = ProfileLock.Acquire(_folder.Profile);

        var problem = await Should.ThrowAsync<NodeStartException>(() => OpenAsync("face"));

        problem.Failure.ShouldBe(NodeStartFailure.InUse);
        problem.Message.ShouldContain("older version");
        problem.Message.ShouldContain($"process {Environment.ProcessId}");
    }

    [Fact]
    public async Task Options_that_only_the_owner_can_honour_are_refused_with_its_process()
    {
        await using var owner = await OpenAsync("owner");

        var problem = await Should.ThrowAsync<NodeStartException>(() =>
            NodeFace.OpenAsync(_options with { Port = 1 }, new FaceOptions("other"), Cancellation)
        );

        problem.Failure.ShouldBe(NodeStartFailure.Usage);
        problem.Message.ShouldContain("--port");
        problem.Message.ShouldContain($"process {Environment.ProcessId}");
    }

    [Fact]
    public async Task What_the_configuration_says_otherwise_is_told_and_not_refused()
    {
        await using var owner = await OpenAsync("owner");
        var told = new List<string>();

        await using var other = await NodeFace.OpenAsync(
            _options with
            {
                Port = 1,
                InsistsOnPort = false,
                Interfaces = ["nosuch0"],
                InsistsOnInterfaces = false,
                OnDifference = told.Add,
            },
            new FaceOptions("other"),
            Cancellation
        );

        told.Count.ShouldBe(2);
        told[0].ShouldContain("the network interfaces lo");
        told[1].ShouldContain("--port (1)");
        await using var same = await NodeFace.OpenAsync(
            _options with
            {
                Interfaces = ["loopback"],
            },
            new FaceOptions("same"),
            Cancellation
        );
    }

    [Fact]
    public async Task A_wrong_thing_in_the_sockets_place_costs_the_socket_and_not_the_chat_but_a_daemon_needs_it()
    {
        _folder.Profile.Create();
        Directory.CreateDirectory(ControlAddress.In(_folder.Profile));

        await Should.ThrowAsync<NodeStartException>(() => OpenAsync("daemon", Ownership.TakeOver));
        await using var face = await OpenAsync("screen");

        (await NextAsync<NodeEvent.Notice>(face)).Text.ShouldContain("is a folder");
    }

    [Fact]
    public async Task Detaching_leaves_the_node_running_and_stopping_ends_it()
    {
        var owner = await OpenAsync("owner");
        var other = await OpenAsync("other");

        await other.AskAsync(new NodeCommand.StopNode(), Cancellation);
        await NextAsync<NodeEvent.Stopped>(other);
        (await owner.AskAsync(new NodeCommand.ListChats(), Cancellation)).ShouldBeOfType<NodeReply.Chats>();

        owner.Post(new NodeCommand.StopNode());
        await NextAsync<NodeEvent.Stopped>(owner);
        await Should.ThrowAsync<NodeGoneException>(() =>
            owner.AskAsync(new NodeCommand.ListChats(), Cancellation)
        );
        File.Exists(ControlAddress.In(_folder.Profile)).ShouldBeFalse();
        ProfileLock.Acquire(_folder.Profile).Dispose();
        await other.DisposeAsync();
        await owner.DisposeAsync();
    }

    [Fact]
    public async Task A_node_that_a_client_stops_does_not_rise_again_in_its_own_process()
    {
        await using var owner = await OpenAsync("owner");
        using (var connection = await ControlConnector.TryConnectAsync(_folder.Profile, Cancellation))
        {
            await connection!.Stream.WriteAsync(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"stop\"}\n"u8.ToArray(),
                Cancellation
            );
            (await NextAsync<NodeEvent.Stopped>(owner)).Failure.ShouldBeNull();
        }

        ProfileLock.Acquire(_folder.Profile).Dispose();
    }

    [Fact]
    public async Task Of_two_that_start_at_once_exactly_one_owns_and_the_other_attaches()
    {
        for (var round = 0; round < 50; round++)
        {
            var opened = await Task.WhenAll(
                Task.Run(() => OpenAsync("one")),
                Task.Run(() => OpenAsync("two"))
            );

            var owners = 0;
            foreach (var face in opened)
            {
                owners += (await NextAsync<NodeEvent.OwnerChanged>(face)).IsThisProcess ? 1 : 0;
            }

            owners.ShouldBe(1, $"round {round}");
            await Task.WhenAll(opened.Select(face => face.DisposeAsync().AsTask()))
                .WaitAsync(Patience, Cancellation);
        }
    }

    [Fact]
    public async Task Refusals_of_posted_commands_come_as_events_to_this_face_alone()
    {
        await using var owner = await OpenAsync("owner");
        await using var other = await OpenAsync("other");
        await NextAsync<NodeEvent.InStep>(other);

        other.Post(new NodeCommand.LoadHistory("#nowhere", 10));

        (await NextAsync<NodeEvent.Notice>(other)).Text.ShouldNotBeEmpty();
        await NextAsync<NodeEvent.InStep>(owner);
        owner.Events.TryRead(out _).ShouldBeFalse();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<NodeFace> OpenAsync(string kind, Ownership ownership = Ownership.WhenFree) =>
        NodeFace.OpenAsync(_options, new FaceOptions(kind, ownership), Cancellation);

    private static async Task<T> NextAsync<T>(NodeFace face)
        where T : NodeEvent
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        while (true)
        {
            if (await face.Events.ReadAsync(patience.Token) is T wanted)
            {
                return wanted;
            }
        }
    }
}
