using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Spreading;

namespace PeerChat.Rooms.Tests.Spreading;

/// <summary>Peers and messages by number.</summary>
internal static class OverlayNames
{
    public static PeerId Peer(int number) => new(Value(1, number));

    // The same array each time: memory is equal by where it lies.
    private static readonly byte[][] Contacts = [.. Enumerable.Range(0, 1000).Select(i => new[] { (byte)i })];

    public static OverlayPeer Contact(int number) => new(Peer(number), Contacts[number]);

    public static Bytes32 Origin(int number) => Value(2, number);

    public static Announcement Message(int number, int round, int origin = 1) =>
        new(Value(3, number), Origin(origin), round);

    private static Bytes32 Value(byte kind, int number)
    {
        var bytes = new byte[Bytes32.Size];
        bytes[0] = kind;
        bytes[30] = (byte)(number >> 8);
        bytes[31] = (byte)number;
        return new Bytes32(bytes);
    }
}
