using PeerChat.Node;
using PeerChat.Tui.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Screens;

public sealed class ReadReportsTests : IDisposable
{
    private readonly OneTimer _clock = new();
    private readonly List<NodeCommand.MarkRead> _told = [];

    /// <inheritdoc/>
    public void Dispose() => _clock.Dispose();

    [Fact]
    public void A_burst_is_one_word_about_the_last_of_each_chat_after_the_pause()
    {
        using var reports = Reports();
        for (var i = 1; i <= 10_000; i++)
        {
            reports.Note(new NodeCommand.MarkRead(i % 2 == 0 ? "@bob" : "#dev", $"{i}"));
        }

        _told.ShouldBeEmpty();
        _clock.Pauses.ShouldBe(
            [ReadReports.Pause],
            "the pause goes on from the first, or a burst would never be told"
        );
        _clock.Ring();

        _told.ShouldBe(
            [new NodeCommand.MarkRead("@bob", "10000"), new NodeCommand.MarkRead("#dev", "9999")],
            ignoreOrder: true
        );
        _clock.Ring();
        _told.Count.ShouldBe(2);
        reports.Note(new NodeCommand.MarkRead("@bob", "10001"));
        _clock.Pauses.Count.ShouldBe(2);
    }

    [Fact]
    public void At_the_end_what_waits_is_told_at_once()
    {
        using var reports = Reports();
        reports.Note(new NodeCommand.MarkRead("@bob", "1"));

        reports.Tell();

        _told.ShouldBe([new NodeCommand.MarkRead("@bob", "1")]);
    }

    private ReadReports Reports() => new(_clock, _told.Add);

    /// <summary>A clock with one timer, which rings when the test says so.</summary>
    private sealed class OneTimer : TimeProvider, ITimer
    {
        private Action? _ring;

        public List<TimeSpan> Pauses { get; } = [];

        public void Ring() => _ring!();

        public override ITimer CreateTimer(
            TimerCallback callback,
            object? state,
            TimeSpan dueTime,
            TimeSpan period
        )
        {
            _ring = () => callback(state);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            return true;
        }

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
