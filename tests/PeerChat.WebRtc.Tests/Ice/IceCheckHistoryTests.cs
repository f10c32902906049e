using PeerChat.Primitives;
using PeerChat.WebRtc.Ice;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Ice;

public sealed class IceCheckHistoryTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Counts_what_was_not_answered_in_time_and_over_how_long_that_was()
    {
        var history = new IceCheckHistory();
        var now = Instant.Origin;
        for (var i = 0; i < 10; i++, now += 5 * Second)
        {
            history.Sent(now);
            if (i % 5 != 0)
            {
                history.Answered(now, now + (0.1 * Second));
            }
        }

        history.At(now).ShouldBe(new PathLoss(10, 2, 50 * Second));
    }

    [Fact]
    public void A_check_that_may_still_be_answered_does_not_count_and_one_that_comes_too_late_is_lost()
    {
        var history = new IceCheckHistory();
        var sent = Instant.Origin;
        history.Sent(sent);

        history.At(sent + IceCheckHistory.AnswerTime).Checks.ShouldBe(0);
        var late = sent + IceCheckHistory.AnswerTime + TimeSpan.FromMilliseconds(1);
        history.Answered(sent, late);
        history.At(late).ShouldBe(new PathLoss(1, 1, late - sent));
    }

    [Fact]
    public void Remembers_the_newest_and_no_more_than_its_capacity()
    {
        var history = new IceCheckHistory();
        var now = Instant.Origin;
        for (var i = 0; i < IceCheckHistory.Capacity + 10; i++, now += Second)
        {
            history.Sent(now);
            if (i >= 10)
            {
                history.Answered(now, now);
            }
        }

        history
            .At(now)
            .ShouldBe(new PathLoss(IceCheckHistory.Capacity, 0, IceCheckHistory.Capacity * Second));
    }
}
