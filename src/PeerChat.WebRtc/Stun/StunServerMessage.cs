using System.Buffers.Binary;
using System.Security.Cryptography;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Stun;

/// <summary>A view over one message of a STUN or TURN server (RFC 8489 section 14, RFC 8656 section 18).</summary>
/// <remarks>
/// Nothing in it is authentic until <see cref="VerifyIntegrity"/> or <see cref="VerifySha256"/> says so. What follows the first signature is not read,
/// the other signature and FINGERPRINT excepted; of repeated attributes the first counts, except that a relayed address of each family does.
/// </remarks>
internal readonly ref struct StunServerMessage
{
    private const int FirstComprehensionOptional = 0x8000; // RFC 8489 section 14

    private readonly ReadOnlySpan<byte> _source;
    private readonly Attributes _found;

    private StunServerMessage(ReadOnlySpan<byte> source, scoped in StunHeader header, Attributes found)
    {
        _source = source;
        _found = found;
        Header = header;
    }

    /// <summary>Type and transaction id.</summary>
    public StunHeader Header { get; }

    /// <summary>Whether this answers a request, well or ill.</summary>
    public bool IsResponse => ((int)Header.Type & 0x0100) != 0;

    /// <summary>Whether this refuses a request.</summary>
    public bool IsError => ((int)Header.Type & 0x0110) == 0x0110;

    /// <summary>The number of ERROR-CODE, 300 to 699; 0 without one.</summary>
    public int ErrorCode => _found.ErrorCode;

    /// <summary>REALM as bytes of UTF-8; empty without one.</summary>
    public ReadOnlySpan<byte> Realm => _source[_found.Realm];

    /// <summary>NONCE; empty without one.</summary>
    public ReadOnlySpan<byte> Nonce => _source[_found.Nonce];

    /// <summary>The value of PASSWORD-ALGORITHMS; empty without one.</summary>
    public ReadOnlySpan<byte> PasswordAlgorithms => _source[_found.PasswordAlgorithms];

    /// <summary>DATA; empty without one.</summary>
    public Range Data => _found.Data;

    /// <summary>XOR-MAPPED-ADDRESS, if there.</summary>
    public TransportAddress? MappedAddress => _found.Mapped;

    /// <summary>XOR-PEER-ADDRESS, if there.</summary>
    public TransportAddress? PeerAddress => _found.Peer;

    /// <summary>ALTERNATE-SERVER, if there.</summary>
    public TransportAddress? AlternateServer => _found.Alternate;

    /// <summary>OTHER-ADDRESS, if there.</summary>
    public TransportAddress? OtherAddress => _found.Other;

    /// <summary>The IPv4 address of XOR-RELAYED-ADDRESS, if there.</summary>
    public TransportAddress? RelayedIPv4 => _found.RelayedIPv4;

    /// <summary>The IPv6 address of XOR-RELAYED-ADDRESS, if there.</summary>
    public TransportAddress? RelayedIPv6 => _found.RelayedIPv6;

    /// <summary>LIFETIME in seconds, if there.</summary>
    public uint? Lifetime => _found.Lifetime;

    /// <summary>Whether there is any signature, right or wrong.</summary>
    public bool IsSigned => _found.Integrity != 0 || _found.Sha256 != 0;

    /// <summary>Whether there is an attribute that has to be understood and is not.</summary>
    public bool HasUnknown => _found.HasUnknown;

    /// <summary>Reads a message that fills <paramref name="source"/> exactly.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out StunServerMessage message)
    {
        message = default;
        var found = default(Attributes);
        if (!StunHeader.TryParse(source, out var header) || !found.TryRead(source, header))
        {
            return false;
        }

        message = new StunServerMessage(source, header, found);
        return true;
    }

    /// <summary>Whether MESSAGE-INTEGRITY is there and was made with <paramref name="key"/>.</summary>
    public bool VerifyIntegrity(ReadOnlySpan<byte> key)
    {
        if (_found.Integrity == 0 || _found.Integrity > StunMessage.MaxSize)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[StunIntegrity.Size];
        StunIntegrity.Compute(_source[.._found.Integrity], key, expected);
        return CryptographicOperations.FixedTimeEquals(
            expected,
            _source.Slice(_found.Integrity + 4, StunIntegrity.Size)
        );
    }

    /// <summary>Whether MESSAGE-INTEGRITY-SHA256 is there and was made with <paramref name="key"/>.</summary>
    public bool VerifySha256(ReadOnlySpan<byte> key)
    {
        if (_found.Sha256 == 0 || _found.Sha256 > StunMessage.MaxSize)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[StunIntegrity.Sha256Size];
        StunIntegrity.ComputeSha256(_source[.._found.Sha256], key, _found.Sha256Size, expected);
        return CryptographicOperations.FixedTimeEquals(
            expected[.._found.Sha256Size],
            _source.Slice(_found.Sha256 + 4, _found.Sha256Size)
        );
    }

    /// <summary>What a walk over the attributes finds.</summary>
    private struct Attributes
    {
        public int Integrity;
        public int Sha256;
        public int Sha256Size;
        public int ErrorCode;
        public Range Realm;
        public Range Nonce;
        public Range PasswordAlgorithms;
        public Range Data;
        public TransportAddress? Mapped;
        public TransportAddress? Peer;
        public TransportAddress? Alternate;
        public TransportAddress? Other;
        public TransportAddress? RelayedIPv4;
        public TransportAddress? RelayedIPv6;
        public uint? Lifetime;
        public bool HasUnknown;

        public bool TryRead(ReadOnlySpan<byte> source, in StunHeader header)
        {
            var offset = StunHeader.Size;
            while (offset < source.Length)
            {
                // The body is a multiple of four, so four bytes are there, and padding is inside when the value is.
                var type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(source[offset..]);
                var length = BinaryPrimitives.ReadUInt16BigEndian(source[(offset + 2)..]);
                if (length > source.Length - offset - 4)
                {
                    return false;
                }

                if (!TryReadOne(type, source, offset, length, header))
                {
                    return false;
                }

                offset += 4 + ((length + 3) & ~3);
            }

            return true;
        }

        private bool TryReadOne(
            StunAttributeType type,
            ReadOnlySpan<byte> source,
            int offset,
            int length,
            in StunHeader header
        )
        {
            var value = source.Slice(offset + 4, length);
            switch (type)
            {
                case StunAttributeType.Fingerprint:
                    return offset + 8 == source.Length
                        && length == 4
                        && BinaryPrimitives.ReadUInt32BigEndian(value)
                            == StunFingerprint.Compute(source[..offset]);
                case StunAttributeType.MessageIntegrity when Integrity == 0 && Sha256 == 0:
                    Integrity = offset;
                    return length == StunIntegrity.Size;
                case StunAttributeType.MessageIntegritySha256 when Sha256 == 0:
                    (Sha256, Sha256Size) = (offset, length);
                    return length % 4 == 0
                        && length is >= StunIntegrity.MinSha256Size and <= StunIntegrity.Sha256Size;
                default:
                    // RFC 8489 section 14.5: what follows a signature is not protected, so it is not read
                    return Integrity != 0 || Sha256 != 0 || TryReadValue(type, value, offset + 4, header);
            }
        }

        private bool TryReadValue(
            StunAttributeType type,
            ReadOnlySpan<byte> value,
            int start,
            in StunHeader header
        )
        {
            var range = start..(start + value.Length);
            switch (type)
            {
                case StunAttributeType.Realm:
                    Realm = Realm.Equals(default) ? range : Realm;
                    return true;
                case StunAttributeType.Nonce:
                    Nonce = Nonce.Equals(default) ? range : Nonce;
                    return true;
                case StunAttributeType.PasswordAlgorithms:
                    PasswordAlgorithms = PasswordAlgorithms.Equals(default) ? range : PasswordAlgorithms;
                    return true;
                case StunAttributeType.Data:
                    Data = Data.Equals(default) ? range : Data;
                    return true;
                case StunAttributeType.Lifetime:
                    Lifetime ??= value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;
                    return value.Length == 4;
                case StunAttributeType.ErrorCode:
                    return TryReadErrorCode(value);
                case StunAttributeType.XorMappedAddress:
                    return TryReadAddress(value, header, ref Mapped);
                case StunAttributeType.XorPeerAddress:
                    return TryReadAddress(value, header, ref Peer);
                case StunAttributeType.XorRelayedAddress:
                    return value.Length > 8
                        ? TryReadAddress(value, header, ref RelayedIPv6)
                        : TryReadAddress(value, header, ref RelayedIPv4);
                case StunAttributeType.AlternateServer:
                    Alternate ??= ReadPlainAddress(value);
                    return true;
                case StunAttributeType.OtherAddress:
                    Other ??= ReadPlainAddress(value);
                    return true;
                // What servers say for clients of RFC 3489 beside what they say for others
                case StunAttributeType.MappedAddress:
                case StunAttributeType.SourceAddress:
                case StunAttributeType.ChangedAddress:
                case StunAttributeType.Username:
                case StunAttributeType.UnknownAttributes:
                case StunAttributeType.PasswordAlgorithm:
                    return true;
                default:
                    HasUnknown |= (int)type < FirstComprehensionOptional;
                    return true;
            }
        }

        private bool TryReadErrorCode(ReadOnlySpan<byte> value)
        {
            if (value.Length < 4 || (value[2] & 7) is < 3 or > 6 || value[3] > 99)
            {
                return false;
            }

            ErrorCode = ErrorCode == 0 ? ((value[2] & 7) * 100) + value[3] : ErrorCode;
            return true;
        }

        private static bool TryReadAddress(
            ReadOnlySpan<byte> value,
            in StunHeader header,
            ref TransportAddress? into
        )
        {
            if (!XorMappedAddress.TryParse(value, header.TransactionId, out var address))
            {
                return false;
            }

            into ??= address;
            return true;
        }

        // RFC 8489 section 14.1: the form that is not masked
        private static TransportAddress? ReadPlainAddress(ReadOnlySpan<byte> value) =>
            value.Length is 8 or 20 && value[1] == (value.Length == 8 ? 1 : 2)
                ? TransportAddress.FromBytes(value[4..], BinaryPrimitives.ReadUInt16BigEndian(value[2..]))
                : null;
    }
}
