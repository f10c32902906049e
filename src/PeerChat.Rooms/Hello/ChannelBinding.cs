using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Rooms.Hello;

/// <summary>CB: the value that only the two ends of one DTLS association share, with one's own role in it (as RFC 9266).</summary>
/// <remarks>
/// CB = H(L("cb") ‖ SHA-256(DER of the client's certificate) ‖ SHA-256(DER of the server's) ‖ E), E being 32 bytes
/// of the exporter of RFC 5705. A new association has a new CB and needs a new hello; an ICE restart does not.
/// </remarks>
/// <param name="IsDtlsClient">Whether this end is the DTLS client.</param>
/// <param name="Value">The 32 bytes, the same at both ends.</param>
public readonly record struct ChannelBinding(bool IsDtlsClient, Bytes32 Value)
{
    /// <summary>The label under which E is exported, without a context.</summary>
    public const string ExporterLabel = "EXPERIMENTAL peerchat hello 1";

    /// <summary>Bytes of E.</summary>
    public const int ExporterSize = 32;

    /// <summary>The role byte of this end: 0 for the DTLS client, 1 for the server.</summary>
    internal byte OwnRole => IsDtlsClient ? (byte)0 : (byte)1;

    /// <summary>The role byte of the other end.</summary>
    internal byte PeerRole => IsDtlsClient ? (byte)1 : (byte)0;

    /// <summary>Computes CB from the parts of an association whose two Finished messages were verified.</summary>
    /// <exception cref="ArgumentException">The exporter value is not of 32 bytes.</exception>
    public static ChannelBinding Derive(
        bool isDtlsClient,
        Bytes32 clientCertificateHash,
        Bytes32 serverCertificateHash,
        ReadOnlySpan<byte> exporter
    )
    {
        if (exporter.Length != ExporterSize)
        {
            throw new ArgumentException("The exporter value has 32 bytes.", nameof(exporter));
        }

        var value = Digest.Labelled(
            "cb",
            clientCertificateHash.ToArray(),
            serverCertificateHash.ToArray(),
            exporter.ToArray()
        );
        return new ChannelBinding(isDtlsClient, value);
    }
}
