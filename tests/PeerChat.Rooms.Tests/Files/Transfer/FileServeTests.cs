using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using PeerChat.Rooms.Files.Transfer;
using PeerChat.Rooms.Log;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Files.Transfer;

public sealed class FileServeTests
{
    private static readonly byte[] Open = new FileFrame.Open(default, default).Write();

    [Fact]
    public void Nothing_is_taken_before_the_peer_says_which_file_it_means()
    {
        var serve = new FileServe();
        serve.HandleFrame(new FileFrame.Want([default]).Write());
        serve.IsBroken.ShouldBeTrue();
        serve.TryTakeEvent(out _).ShouldBeFalse();
    }

    [Fact]
    public void A_second_file_on_one_channel_breaks_it()
    {
        var serve = Opened();
        serve.HandleFrame(Open);
        serve.IsBroken.ShouldBeTrue();
    }

    [Fact]
    public void Sixty_four_wants_wait_and_no_more()
    {
        var serve = Opened();
        serve.HandleFrame(new FileFrame.Want([.. Addresses(64)]).Write());
        serve.IsBroken.ShouldBeFalse();
        serve.HandleFrame(new FileFrame.Want([.. Addresses(1)]).Write());
        serve.IsBroken.ShouldBeTrue();
    }

    [Fact]
    public void Questions_that_wait_for_the_disk_are_bounded()
    {
        var serve = Opened();
        var ask = new FileFrame.Ask(default, Cid.Of(CidCodec.DagPb, [])).Write();
        for (var count = 0; count < FileServe.MaxAsks; count++)
        {
            serve.HandleFrame(ask);
        }

        serve.IsBroken.ShouldBeFalse();
        serve.HandleFrame(ask);
        serve.IsBroken.ShouldBeTrue();
    }

    [Fact]
    public void A_great_block_is_read_ahead_of_the_one_that_goes_out_and_no_more()
    {
        var serve = Opened();
        serve.HandleFrame(new FileFrame.Want([.. Addresses(10)]).Write());
        var reads = ReadAll(serve, FileServe.ReadAhead, perRead: 1);
        reads.Count.ShouldBe(1);
        serve.TryTakeFrame(out _).ShouldBeTrue();
        ReadAll(serve, FileServe.ReadAhead, perRead: 1).Count.ShouldBe(1);
        for (var frames = 0; frames < FileServe.ReadAhead / FileFrame.MaxPiece; frames++)
        {
            ReadAll(serve, FileServe.ReadAhead, perRead: 1).ShouldBeEmpty();
            serve.TryTakeFrame(out _).ShouldBeTrue();
        }

        ReadAll(serve, FileServe.ReadAhead, perRead: 1).Count.ShouldBe(1);
    }

    [Fact]
    public void All_small_blocks_that_are_wanted_are_read_in_one_go()
    {
        var serve = Opened();
        serve.HandleFrame(new FileFrame.Want([.. Addresses(64)]).Write());
        var reads = ReadAll(serve, 1024, perRead: 64);
        reads.ShouldHaveSingleItem().ShouldBe(Addresses(64));
        var pieces = 0;
        while (serve.TryTakeFrame(out _))
        {
            pieces++;
        }

        pieces.ShouldBe(64);
        serve.Given.ShouldBe(64 * 1024);
    }

    [Fact]
    public void What_is_not_here_is_said_to_be_missing()
    {
        var serve = Opened();
        serve.HandleFrame(new FileFrame.Want([.. Addresses(1)]).Write());
        serve.HandleRead([(Addresses(1).Single(), null)]);
        serve.TryTakeFrame(out var frame).ShouldBeTrue();
        FileFrame.TryParse(frame, out var said).ShouldBeTrue();
        said.ShouldBeOfType<FileFrame.Missing>().Addresses.ShouldBe(Addresses(1));
    }

    [Fact]
    public void What_others_gave_meanwhile_is_not_read()
    {
        var serve = Opened();
        serve.HandleFrame(new FileFrame.Want([.. Addresses(3)]).Write());
        serve.TryTakeEvent(out var first).ShouldBeTrue();
        first.ShouldBeOfType<ServeEvent.Read>();
        serve.HandleFrame(new FileFrame.Want([.. Addresses(5).Skip(3)]).Write());
        serve.HandleFrame(new FileFrame.Cancel([.. Addresses(4).Skip(1)]).Write());
        serve.HandleRead([(Addresses(1).Single(), new byte[10])]); // the disk had come to the first of them
        serve.TryTakeEvent(out var next).ShouldBeTrue();
        next.ShouldBeOfType<ServeEvent.Read>().Addresses.ShouldBe(Addresses(5).Skip(4));
    }

    [Fact]
    public void How_much_is_here_is_said_once_until_it_changes()
    {
        var serve = Opened();
        serve.SetStock(FileStock.Part);
        serve.SetStock(FileStock.Part);
        serve.SetStock(FileStock.All);
        var said = new List<FileStock>();
        while (serve.TryTakeFrame(out var bytes))
        {
            FileFrame.TryParse(bytes, out var frame).ShouldBeTrue();
            said.Add(frame.ShouldBeOfType<FileFrame.Status>().Stock);
        }

        said.ShouldBe([FileStock.Part, FileStock.All]);
    }

    private static List<Bytes32[]> ReadAll(FileServe serve, int size, int perRead)
    {
        var reads = new List<Bytes32[]>();
        while (serve.TryTakeEvent(out var happened))
        {
            if (happened is ServeEvent.Read read)
            {
                Bytes32[] addresses = [.. read.Addresses.Take(perRead)];
                reads.Add(addresses);
                serve.HandleRead([.. addresses.Select(one => (one, (ReadOnlyMemory<byte>?)new byte[size]))]);
            }
        }

        return reads;
    }

    private static FileServe Opened()
    {
        var serve = new FileServe();
        serve.HandleFrame(Open);
        serve.TryTakeEvent(out var happened).ShouldBeTrue();
        happened.ShouldBe(new ServeEvent.Opened(default, new EntryId(default)));
        return serve;
    }

    private static IEnumerable<Bytes32> Addresses(int count) =>
        Enumerable.Range(1, count).Select(at => new Bytes32([.. Enumerable.Repeat((byte)at, 32)]));
}
