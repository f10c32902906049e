using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.TestKit;

namespace PeerChat.Rooms.Tests.Rooms;

/// <summary>Keys that a seed repeats; only signatures differ from run to run, and nothing depends on them.</summary>
internal sealed class SeededKeySource(int seed) : IKeySource
{
    private readonly SystemKeySource _system = new();
    private readonly SeededEntropy _entropy = new(seed);

    public ISigningKey NewSigningKey() => _system.ImportSigningKey(Scalar());

    public IAgreementKey NewAgreementKey() => _system.ImportAgreementKey(Scalar());

    public ISigningKey ImportSigningKey(ReadOnlySpan<byte> scalar) => _system.ImportSigningKey(scalar);

    public IAgreementKey ImportAgreementKey(ReadOnlySpan<byte> scalar) => _system.ImportAgreementKey(scalar);

    private byte[] Scalar()
    {
        var scalar = _entropy.Bytes(32);
        scalar[0] &= 0x7F; // below the order of the curve
        return scalar;
    }
}
