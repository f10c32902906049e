using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Messages;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Rooms;

public class WrittenKindsTests
{
    private static readonly AuthorId Author = new(new Bytes32(Enumerable.Repeat((byte)1, 32).ToArray()));
    private static readonly AuthorId Other = new(new Bytes32(Enumerable.Repeat((byte)2, 32).ToArray()));
    private readonly WrittenKinds _written = new();

    [Fact]
    public void What_was_written_is_known_and_nothing_else()
    {
        _written.Note(Author, 5, shows: true);
        _written.Note(Author, 7, shows: false);

        _written.Shows(Author, 4).ShouldBeNull("it was written before the start");
        _written.Shows(Author, 5).ShouldBe(true);
        _written.Shows(Author, 7).ShouldBe(false);
        _written.Shows(Author, 8).ShouldBeNull("it is not written yet");
        _written.Shows(Other, 5).ShouldBeNull();
    }

    [Fact]
    public void A_new_author_begins_anew()
    {
        _written.Note(Author, 5, shows: false);
        _written.Note(Other, 1, shows: true);

        _written.Shows(Author, 5).ShouldBeNull();
        _written.Shows(Other, 1).ShouldBe(true);
    }

    [Fact]
    public void What_is_remembered_is_bounded()
    {
        for (ulong seq = 1; seq <= WrittenKinds.MaxQuiet; seq++)
        {
            _written.Note(Author, seq, shows: false);
        }

        _written.Shows(Author, 1).ShouldBe(false);
        _written.Note(Author, WrittenKinds.MaxQuiet + 1, shows: false);

        _written.Shows(Author, 1).ShouldBeNull();
        _written.Shows(Author, WrittenKinds.MaxQuiet + 1).ShouldBe(false);
    }
}
