using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Tests.Vectors;

namespace PeerChat.Rooms.Tests.Identity;

/// <summary>The identities of identity.txt, and a third.</summary>
internal static class TestIdentities
{
    public static OwnIdentity Alice { get; } = FromVectors("alice");

    public static OwnIdentity Bob { get; } = FromVectors("bob");

    public static OwnIdentity Mallory { get; } = OwnIdentity.Create(new SystemKeySource());

    private static OwnIdentity FromVectors(string name)
    {
        var vectors = VectorFile.Load("identity.txt");
        return OwnIdentity.Import(
            new SystemKeySource(),
            vectors.Bytes(name + " signing scalar"),
            vectors.Bytes(name + " agreement scalar")
        );
    }
}
