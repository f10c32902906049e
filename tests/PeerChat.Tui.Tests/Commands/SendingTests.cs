using System.Collections.Concurrent;
using System.Threading.Channels;
using PeerChat.Node;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Commands;

public sealed class SendingTests : IDisposable
{
    private readonly AnsweringNode _node = new();
    private readonly Sending _sending;

    public SendingTests() =>
        _sending = new Sending(_node, new ChatTarget(null, "dev", null), DeliveryState.Queued, null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _sending.Dispose();

    [Fact]
    public async Task Texts_are_asked_in_their_order_and_no_more_than_some_ahead_of_the_answers()
    {
        const int Count = 3 * Sending.MaxUnanswered;
        var isLast = false;
        var running = _sending.RunAsync(Texts(Count), () => isLast = true, Token);
        var asked = new List<AnsweringNode.Ask>();
        for (var i = 0; i < Sending.MaxUnanswered; i++)
        {
            asked.Add(await _node.Asks.ReadAsync(Token));
        }

        // One answer lets one more go, the oldest's alone
        asked[1].Accept();
        _node.Asks.TryRead(out _).ShouldBeFalse();
        asked[0].Accept();
        asked.Add(await _node.Asks.ReadAsync(Token));
        asked.Add(await _node.Asks.ReadAsync(Token));
        _node.Asks.TryRead(out _).ShouldBeFalse();
        isLast.ShouldBeFalse();

        asked.ForEach(ask => ask.Accept());
        for (var i = asked.Count; i < Count; i++)
        {
            asked.Add(await _node.Asks.ReadAsync(Token));
            asked[i].Accept();
        }

        (await running).ShouldBe(ExitCode.Done);
        isLast.ShouldBeTrue();
        asked.Select(ask => ask.Text).ShouldBe(Enumerable.Range(0, Count).Select(i => $"line {i}"));
    }

    [Fact]
    public async Task A_refusal_ends_it_although_the_next_line_does_not_come()
    {
        using var lines = new BlockingCollection<(string, string)>();
        lines.Add(("one", "1"), Token);
        lines.Add(("two", "2"), Token);
        var running = _sending.RunAsync(lines.GetConsumingEnumerable(Token), () => { }, Token);
        (await _node.Asks.ReadAsync(Token)).Accept();

        (await _node.Asks.ReadAsync(Token)).Refuse("You may not write here.");

        (await Should.ThrowAsync<CommandFailedException>(() => running)).Message.ShouldBe(
            "You may not write here."
        );
        lines.CompleteAdding();
    }

    private static IEnumerable<(string Text, string Reference)> Texts(int count) =>
        Enumerable.Range(0, count).Select(i => ($"line {i}", $"reference {i}"));

    /// <summary>Answers when the test says so.</summary>
    private sealed class AnsweringNode : IPeerChatNode
    {
        private readonly Channel<NodeEvent> _events = Channel.CreateUnbounded<NodeEvent>();
        private readonly Channel<Ask> _asks = Channel.CreateUnbounded<Ask>();

        public ChannelReader<NodeEvent> Events => _events.Reader;

        public ChannelReader<Ask> Asks => _asks.Reader;

        public void Post(NodeCommand command) => throw new NotSupportedException();

        public async Task<NodeReply> AskAsync(NodeCommand command, CancellationToken cancellation = default)
        {
            switch (command)
            {
                case NodeCommand.JoinRoom:
                    return new NodeReply.Opened(Samples.Chat("#dev", "dev"));
                case NodeCommand.SendText text:
                    var ask = new Ask(text);
                    await _asks.Writer.WriteAsync(ask, cancellation);
                    return await ask.Answer.WaitAsync(cancellation);
                default:
                    throw new NotSupportedException();
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public sealed class Ask(NodeCommand.SendText command)
        {
            private readonly TaskCompletionSource<NodeReply> _answer = new();

            public Task<NodeReply> Answer => _answer.Task;

            public string Text => command.Text;

            public void Accept() =>
                _answer.TrySetResult(
                    new NodeReply.Accepted(
                        Samples.Message(1, Text) with
                        {
                            Id = command.Reference!,
                            IsOwn = true,
                            State = DeliveryState.Queued,
                        }
                    )
                );

            public void Refuse(string sentence) =>
                _answer.TrySetResult(new NodeReply.Refused(RefusalCode.NotAllowed, sentence));
        }
    }
}
