using System.Text;
using PeerChat.Node.Storage;
using PeerChat.Primitives;
using PeerChat.Rooms;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using Shouldly;

namespace PeerChat.Node.Tests.Storage;

/// <summary>Values to store.</summary>
internal static class Samples
{
    public static Bytes32 Id(string text) => Digest.Hash(Encoding.UTF8.GetBytes(text));

    public static RoomId Room(string name = "room") => new(Id(name));

    public static AuthorId Author(string name) => new(Id(name));

    public static PeerId Peer(string name) => new(Id(name));

    public static StoredEntry Entry(
        RoomId room,
        string author,
        ulong seq,
        ulong orderClock = 0,
        byte kind = 0,
        string fork = ""
    ) =>
        new(
            new EntryId(Id($"{room} {author} {seq} {fork}")),
            room,
            Author(author),
            seq,
            seq << 16,
            orderClock == 0 ? seq << 16 : orderClock,
            kind,
            Enumerable.Repeat((byte)seq, 200).ToArray(),
            Enumerable.Repeat((byte)(seq + 1), 150).ToArray(),
            ReadOnlyMemory<byte>.Empty
        );

    public static Contact Contact(string name, string? petname = null) =>
        new(
            Peer(name),
            Encoding.UTF8.GetBytes(name.PadRight(65, 's')),
            Encoding.UTF8.GetBytes(name.PadRight(65, 'a')),
            name,
            petname,
            TrustState.Pinned,
            false,
            new WallTime(1_700_000_000_000),
            new WallTime(1_700_000_100_000),
            [
                new KnownAddress(
                    new TransportAddress(System.Net.IPAddress.Parse("192.0.2.77"), 50_001),
                    new WallTime(1_700_000_090_000)
                ),
                new KnownAddress(
                    new TransportAddress(System.Net.IPAddress.Parse("fe80::1%3"), 50_002),
                    new WallTime(1_700_000_080_000)
                ),
            ]
        );

    public static void ShouldBe(StoredEntry? actual, StoredEntry expected)
    {
        var entry = actual.ShouldNotBeNull();
        // The arrival is the store's to give.
        (entry with { Header = default, Payload = default, Signature = default, Arrival = 0 }).ShouldBe(
            expected with
            {
                Header = default,
                Payload = default,
                Signature = default,
                Arrival = 0,
            }
        );
        entry.Header.ToArray().ShouldBe(expected.Header.ToArray());
        entry.Payload.ToArray().ShouldBe(expected.Payload.ToArray());
        entry.Signature.ToArray().ShouldBe(expected.Signature.ToArray());
    }
}
