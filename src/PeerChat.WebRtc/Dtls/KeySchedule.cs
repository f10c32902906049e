using System.Security.Cryptography;
using PeerChat.WebRtc.Dtls.Messages;

namespace PeerChat.WebRtc.Dtls;

/// <summary>The secrets of one connection, all from the extended master secret (RFC 7627 section 4).</summary>
internal sealed class KeySchedule : IDisposable
{
    private const int MasterSecretSize = 48; // RFC 5246 section 8.1
    private readonly CipherSuite _suite;
    private readonly byte[] _clientRandom;
    private readonly byte[] _serverRandom;
    private readonly byte[] _masterSecret = new byte[MasterSecretSize];

    /// <summary>Derives the master secret.</summary>
    /// <param name="suite">The suite, which names the hash.</param>
    /// <param name="premasterSecret">The x coordinate of the shared point.</param>
    /// <param name="sessionHash">The hash of the transcript up to and with ClientKeyExchange.</param>
    /// <param name="clientRandom">The client's random.</param>
    /// <param name="serverRandom">The server's random.</param>
    public KeySchedule(
        CipherSuite suite,
        ReadOnlySpan<byte> premasterSecret,
        ReadOnlySpan<byte> sessionHash,
        byte[] clientRandom,
        byte[] serverRandom
    )
    {
        _suite = suite;
        _clientRandom = clientRandom;
        _serverRandom = serverRandom;
        Prf.Expand(suite.Hash, premasterSecret, "extended master secret", sessionHash, _masterSecret);
    }

    /// <summary>The protection of the two directions (RFC 5246 section 6.3).</summary>
    public (RecordProtection Client, RecordProtection Server) DeriveProtections()
    {
        var keyLength = _suite.KeyLength;
        Span<byte> block = stackalloc byte[2 * (keyLength + RecordProtection.FixedNonceSize)];
        Prf.Expand(_suite.Hash, _masterSecret, "key expansion", [.. _serverRandom, .. _clientRandom], block);
        var ivs = block[(2 * keyLength)..];
        var client = new RecordProtection(block[..keyLength], ivs[..RecordProtection.FixedNonceSize]);
        var server = new RecordProtection(
            block[keyLength..(2 * keyLength)],
            ivs[RecordProtection.FixedNonceSize..]
        );
        CryptographicOperations.ZeroMemory(block);
        return (client, server);
    }

    /// <summary>The verify data of one side's Finished (RFC 5246 section 7.4.9).</summary>
    public byte[] VerifyData(bool ofClient, ReadOnlySpan<byte> transcriptHash)
    {
        var data = new byte[Finished.VerifyDataSize];
        var label = ofClient ? "client finished" : "server finished";
        Prf.Expand(_suite.Hash, _masterSecret, label, transcriptHash, data);
        return data;
    }

    /// <summary>Keying material for other uses, without context (RFC 5705 section 4).</summary>
    public byte[] Export(string label, int length)
    {
        var material = new byte[length];
        Prf.Expand(_suite.Hash, _masterSecret, label, [.. _clientRandom, .. _serverRandom], material);
        return material;
    }

    /// <summary>The line by which a dissector decrypts this connection: CLIENT_RANDOM, random, master secret.</summary>
    /// <remarks>The NSS key log format. For tests alone: no option of the product leads here.</remarks>
    public string KeyLogLine() =>
        $"CLIENT_RANDOM {Convert.ToHexStringLower(_clientRandom)} {Convert.ToHexStringLower(_masterSecret)}";

    /// <summary>Forgets the master secret.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_masterSecret);
}
