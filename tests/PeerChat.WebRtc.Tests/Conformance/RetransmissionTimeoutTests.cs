using PeerChat.WebRtc.Sctp.Sending;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Conformance;

/// <summary>The timer rules of RFC 9260 section 6.3.1.</summary>
public sealed class RetransmissionTimeoutTests
{
    [Fact]
    public void Begins_at_the_initial_value_and_follows_the_first_sample()
    {
        var timeout = new RetransmissionTimeout(null);
        timeout.Current.ShouldBe(RetransmissionTimeout.Initial);
        timeout.Smoothed.ShouldBeNull();

        timeout.HandleSample(TimeSpan.FromMilliseconds(400)); // C2: SRTT = R, RTTVAR = R / 2, RTO = SRTT + 4 RTTVAR
        timeout.Smoothed.ShouldBe(TimeSpan.FromMilliseconds(400));
        timeout.Current.ShouldBe(TimeSpan.FromMilliseconds(1200));
        timeout.HandleSample(TimeSpan.FromMilliseconds(480)); // C3: 7/8 and 1/8, 3/4 and 1/4
        timeout.Smoothed.ShouldBe(TimeSpan.FromMilliseconds(410));
        timeout.Current.ShouldBe(TimeSpan.FromMilliseconds(410 + (4 * 170)));
    }

    [Fact]
    public void Samples_that_cannot_be_change_nothing()
    {
        var timeout = new RetransmissionTimeout(TimeSpan.FromMilliseconds(-5));
        timeout.HandleSample(TimeSpan.FromMilliseconds(-1));
        timeout.Smoothed.ShouldBeNull();
        timeout.HandleSample(TimeSpan.FromHours(10));
        timeout.Current.ShouldBe(RetransmissionTimeout.Max);
    }

    [Fact]
    public void Comes_back_after_an_outlier()
    {
        var timeout = new RetransmissionTimeout(TimeSpan.FromMilliseconds(300));
        timeout.HandleSample(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 60; i++)
        {
            timeout.HandleSample(TimeSpan.FromMilliseconds(300));
        }

        timeout.Current.ShouldBeInRange(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(350));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Always_stays_above_the_round_trip_and_within_its_bounds(int seed)
    {
        var random = new Random(seed);
        var timeout = new RetransmissionTimeout(null);
        for (var i = 0; i < 1000; i++)
        {
            timeout.HandleSample(TimeSpan.FromMilliseconds(random.Next(0, 3000)));
            timeout.Current.ShouldBeGreaterThanOrEqualTo(timeout.Smoothed!.Value);
            timeout.Current.ShouldBeInRange(RetransmissionTimeout.Min, RetransmissionTimeout.Max);
        }
    }

    [Fact]
    public void A_timeout_doubles_it_and_a_sample_or_progress_undoes_that()
    {
        var timeout = new RetransmissionTimeout(TimeSpan.FromMilliseconds(400));
        var plain = timeout.Current;
        timeout.HandleTimeout();
        timeout.Current.ShouldBe(plain * 2);
        timeout.HandleTimeout();
        timeout.Current.ShouldBe(plain * 4);
        timeout.HandleProgress();
        timeout.Current.ShouldBe(plain);
    }
}
