using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PeerChat.WebRtc.Dtls;

/// <summary>AES-GCM over the records of one direction (RFC 5288 section 3).</summary>
/// <remarks>
/// What follows the record header: explicit nonce 8, ciphertext, tag 16. Our explicit nonce is the epoch and the
/// sequence number, which never repeat; a peer's may be anything.
/// </remarks>
internal sealed class RecordProtection : IDisposable
{
    /// <summary>Bytes of the nonce that come from the key block.</summary>
    public const int FixedNonceSize = 4;

    /// <summary>Bytes that protection adds to a plaintext.</summary>
    public const int Overhead = ExplicitNonceSize + TagSize;

    private const int ExplicitNonceSize = 8;
    private const int TagSize = 16;
    private const int AdditionalDataSize = 13;
    private readonly AesGcm _aead;
    private readonly byte[] _nonce = new byte[FixedNonceSize + ExplicitNonceSize];
    private readonly byte[] _additionalData = new byte[AdditionalDataSize];

    /// <summary>Takes a key and the fixed part of the nonce.</summary>
    public RecordProtection(ReadOnlySpan<byte> key, ReadOnlySpan<byte> fixedNonce)
    {
        _aead = new AesGcm(key, TagSize);
        fixedNonce.CopyTo(_nonce);
    }

    /// <summary>Writes a whole record; returns its length.</summary>
    public int Seal(
        ContentType type,
        ushort epoch,
        ulong sequenceNumber,
        ReadOnlySpan<byte> plaintext,
        Span<byte> destination
    )
    {
        var header = new RecordHeader(
            type,
            DtlsVersion.Dtls12,
            epoch,
            sequenceNumber,
            (ushort)(plaintext.Length + Overhead)
        );
        header.Write(destination);
        var body = destination.Slice(RecordHeader.Size, header.Length);
        BinaryPrimitives.WriteUInt64BigEndian(body, header.EpochAndSequenceNumber);
        Prepare(header, body[..ExplicitNonceSize], plaintext.Length);
        _aead.Encrypt(
            _nonce,
            plaintext,
            body.Slice(ExplicitNonceSize, plaintext.Length),
            body[^TagSize..],
            _additionalData
        );
        return RecordHeader.Size + header.Length;
    }

    /// <summary>The plaintext's length in a protected record's body; negative when the body is too short.</summary>
    public static int PlaintextLength(int bodyLength) => bodyLength - Overhead;

    /// <summary>Verifies and decrypts the body of a record; false when it is not authentic.</summary>
    /// <param name="header">The record's header, which is verified too.</param>
    /// <param name="body">What follows the header.</param>
    /// <param name="plaintext">Exactly <see cref="PlaintextLength"/> bytes.</param>
    public bool TryOpen(in RecordHeader header, ReadOnlySpan<byte> body, Span<byte> plaintext)
    {
        Prepare(header, body[..ExplicitNonceSize], plaintext.Length);
        try
        {
            _aead.Decrypt(
                _nonce,
                body.Slice(ExplicitNonceSize, plaintext.Length),
                body[^TagSize..],
                plaintext,
                _additionalData
            );
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _aead.Dispose();

    private void Prepare(in RecordHeader header, ReadOnlySpan<byte> explicitNonce, int plaintextLength)
    {
        explicitNonce.CopyTo(_nonce.AsSpan(FixedNonceSize));
        BinaryPrimitives.WriteUInt64BigEndian(_additionalData, header.EpochAndSequenceNumber);
        _additionalData[8] = (byte)header.Type;
        BinaryPrimitives.WriteUInt16BigEndian(_additionalData.AsSpan(9), header.Version);
        BinaryPrimitives.WriteUInt16BigEndian(_additionalData.AsSpan(11), (ushort)plaintextLength);
    }
}
