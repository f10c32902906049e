using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Sync;
using PeerChat.Rooms.Tests.Rooms;
using Shouldly;
using Xunit;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms.Tests.Log;

public class HoldingAreaTests
{
    private static readonly RoomId Room = new(new Bytes32(Enumerable.Repeat((byte)7, 32).ToArray()));

    [Fact]
    public void Holds_no_more_ranges_than_its_limit_and_lets_the_oldest_go()
    {
        var area = new HoldingArea();
        var author = new TestAuthor(OwnIdentity.Create(new SeededKeySource(1)), Room, 2);
        author.Join();
        for (var i = 0; i < HoldingArea.MaxRanges + 5; i++)
        {
            area.Add(Held(author, 0));
        }

        area.All.Count.ShouldBe(HoldingArea.MaxRanges);
        area.NextHeld(author.Id, 2).ShouldBe(new SeqRange(7, 7));
    }

    [Fact]
    public void Holds_no_more_bytes_than_its_limit()
    {
        var area = new HoldingArea();
        var author = new TestAuthor(OwnIdentity.Create(new SeededKeySource(1)), Room, 2);
        author.Join();
        for (var i = 0; i < HoldingArea.MaxRanges - 1; i++)
        {
            area.Add(Held(author, 66 * 1024));
        }

        area.All.Sum(h => h.Range.Size)
            .ShouldBeInRange(HoldingArea.MaxBytes - (70 * 1024), HoldingArea.MaxBytes);
    }

    private static HeldRange Held(TestAuthor author, int payload)
    {
        var entry =
            payload == 0
                ? author.Append(
                    EntryKind.Key,
                    new KeyControl(author.LastControl, author.Leaf.PublicKey).Write()
                )
                : author.Append(EntryKind.Content, [], Room.Value, _ => new byte[payload]);
        var body = Wire.Frame.Parser.ParseFrom(TestAuthor.RangeFrame(entry)).Range;
        ReceivedRange.TryParse(body, Room, out var range, out _).ShouldBeTrue();
        return new HeldRange(range, 1, Instant.Origin, IntakeOutcome.Gap, null);
    }
}
