using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>A wall clock that was set far ahead deletes nothing that is young.</summary>
public class RetentionClockTests
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);
    private static readonly long Year = (long)TimeSpan.FromDays(365).TotalMilliseconds;
    private readonly SimulatedPeer _alice = SimulatedPeer.Open("alice", 1);
    private readonly SimulatedPeer _bob = SimulatedPeer.Open("bob", 2);
    private readonly SimulatedMesh _mesh;

    public RetentionClockTests()
    {
        _mesh = new SimulatedMesh(1, _alice, _bob) { MaxDelay = TimeSpan.FromMilliseconds(50) };
        _mesh.OpenAll();
        _mesh.Connect(_alice, _bob);
        _alice.Room.SetRetention(Keep, _mesh.Now);
        _mesh.Settle(_alice);
        _mesh.Run(TimeSpan.FromHours(1));
        _mesh.Post(_bob, "young");
        _mesh.Run(TimeSpan.FromHours(2));
        _mesh.Disconnect(_alice, _bob);
    }

    private IEnumerable<RoomEvent.ClockDoubted> Doubts => _alice.Events.OfType<RoomEvent.ClockDoubted>();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_clock_that_jumped_a_year_deletes_nothing_and_is_told_of_once(bool isStartedAnew)
    {
        _mesh.Skews[_alice] = Year;
        if (isStartedAnew)
        {
            _mesh.Crash(_alice);
        }

        _mesh.Run(TimeSpan.FromHours(40));

        _alice.Texts.ShouldBe(["young"]);
        Doubts.ShouldHaveSingleItem().Ahead.TotalDays.ShouldBeInRange(364, 366);
    }

    [Fact]
    public void Content_goes_on_being_deleted_by_the_time_that_passes_meanwhile()
    {
        _alice.Room.SetRetention(TimeSpan.FromHours(20), _mesh.Now);
        _mesh.Settle(_alice);
        _mesh.Run(TimeSpan.FromHours(2));
        _mesh.Skews[_alice] = Year;
        _mesh.Run(TimeSpan.FromHours(10));
        _alice.Texts.ShouldBe(["young"]);

        _mesh.Run(TimeSpan.FromHours(10));

        _alice.Texts.ShouldBeEmpty();
    }

    [Fact]
    public void Two_days_of_running_confirm_it_also_in_several_runs()
    {
        _mesh.Skews[_alice] = Year;
        for (var run = 0; run < 6; run++)
        {
            _mesh.Crash(_alice);
            _mesh.Run(TimeSpan.FromHours(7));
            _alice.Texts.ShouldBe(["young"]);
        }

        _mesh.Run(TimeSpan.FromHours(14));

        _alice.Texts.ShouldBeEmpty();
    }

    [Fact]
    public void A_message_of_somebody_else_confirms_it()
    {
        _mesh.Skews[_alice] = _mesh.Skews[_bob] = Year;
        _mesh.Run(TimeSpan.FromHours(3));
        _alice.Texts.ShouldBe(["young"]);

        _mesh.Connect(_alice, _bob);
        _mesh.Post(_bob, "a year later");
        _mesh.Run(TimeSpan.FromHours(3));

        _alice.Texts.ShouldBe(["a year later"]);
        Doubts.ShouldHaveSingleItem();
    }

    [Fact]
    public void Setting_the_time_again_confirms_it()
    {
        _mesh.Skews[_alice] = Year;
        _mesh.Run(TimeSpan.FromHours(3));

        _alice.Room.SetRetention(Keep, _mesh.Now);
        _mesh.Settle(_alice);
        _mesh.Run(TimeSpan.FromHours(1));

        _alice.Texts.ShouldBeEmpty();
    }

    [Fact]
    public void A_long_weekend_without_the_program_is_nothing_to_doubt()
    {
        _mesh.Skews[_alice] = (long)TimeSpan.FromDays(2.9).TotalMilliseconds;
        _mesh.Crash(_alice);
        _mesh.Run(TimeSpan.FromHours(3));

        Doubts.ShouldBeEmpty();
    }
}
