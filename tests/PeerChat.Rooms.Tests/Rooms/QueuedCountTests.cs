using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Membership;
using PeerChat.Rooms.Messages;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

public class QueuedCountTests
{
    private const int Length = 1000;
    private static readonly AuthorId Author = new(new Bytes32(Enumerable.Repeat((byte)1, 32).ToArray()));
    private readonly QueuedCount _queued = new();
    private readonly AuthorLog _log = new(Author);
    private ulong _read;

    public QueuedCountTests() => _log.Restore(Entry(Length));

    [Fact]
    public void No_entry_is_read_twice_while_a_log_is_handed_over_entry_by_entry()
    {
        for (ulong sent = 0; sent < Length; sent++)
        {
            Count(sent).ShouldBe((int)(Length - sent));
            _queued.HandedOver(Entry(sent + 1), wasQueued: true);
        }

        Count(Length).ShouldBe(0);
        _read.ShouldBe((ulong)Length);
    }

    [Fact]
    public void What_was_handed_over_unseen_is_taken_off_without_a_new_count_of_the_rest()
    {
        for (ulong sent = 0; sent < Length; sent += 10)
        {
            Count(sent).ShouldBe((int)(Length - sent));
        }

        _read.ShouldBeLessThanOrEqualTo(2UL * Length);
    }

    [Fact]
    public void What_is_written_meanwhile_counts()
    {
        Count(0).ShouldBe(Length);
        _log.Restore(Entry(Length + 5));

        Count(10).ShouldBe(Length - 5);
        _read.ShouldBe((ulong)Length + 15);
    }

    [Fact]
    public void A_count_that_was_forgotten_is_made_anew()
    {
        Count(10);
        _queued.Forget();

        Count(10).ShouldBe(Length - 10);
        _read.ShouldBe(2UL * (Length - 10));
    }

    private int Count(ulong sent) =>
        _queued.Count(
            _log,
            sent,
            (_, from, to) =>
            {
                _read += to - from + 1;
                return (int)(to - from + 1);
            }
        );

    private static StoredEntry Entry(ulong seq) =>
        new(default, default, Author, seq, seq, seq, 0, default, default, default);
}
