using System.Buffers.Binary;
using System.Security.Cryptography;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Stun;

/// <summary>A view over one received STUN message with the attributes that ICE uses (RFC 8489 sections 5 and 14).</summary>
/// <remarks>
/// Nothing in it is authentic until <see cref="VerifyIntegrity"/> says so. What follows MESSAGE-INTEGRITY is
/// ignored, FINGERPRINT excepted; of repeated attributes the first counts.
/// </remarks>
internal readonly ref struct StunMessage
{
    /// <summary>The longest message read or written: one Ethernet packet. ICE checks are about 100 bytes long.</summary>
    public const int MaxSize = 1500;

    /// <summary>How many unknown attributes are reported in a 420; one is enough to make the point (guess).</summary>
    public const int MaxUnknownAttributes = 8;

    private const int FirstComprehensionOptional = 0x8000; // RFC 8489 section 14

    private readonly ReadOnlySpan<byte> _source;
    private readonly int _integrityOffset;

    private StunMessage(ReadOnlySpan<byte> source, scoped in StunHeader header, Attributes attributes)
    {
        _source = source;
        _integrityOffset = attributes.IntegrityOffset;
        Header = header;
        HasUsername = attributes.UsernameOffset != 0;
        Username = source.Slice(attributes.UsernameOffset, attributes.UsernameLength);
        HasFingerprint = attributes.HasFingerprint;
        UseCandidate = attributes.UseCandidate;
        Priority = attributes.Priority;
        IceControlling = attributes.IceControlling;
        IceControlled = attributes.IceControlled;
        MappedAddress = attributes.MappedAddress;
        ErrorCode = attributes.ErrorCode;
        UnknownAttributes = attributes.Unknown ?? [];
    }

    /// <summary>Type and transaction id.</summary>
    public StunHeader Header { get; }

    /// <summary>Whether there is a USERNAME.</summary>
    public bool HasUsername { get; }

    /// <summary>The USERNAME as bytes of UTF-8; empty when there is none.</summary>
    public ReadOnlySpan<byte> Username { get; }

    /// <summary>Whether there is a FINGERPRINT; a wrong one makes parsing fail.</summary>
    public bool HasFingerprint { get; }

    /// <summary>Whether there is a MESSAGE-INTEGRITY, right or wrong.</summary>
    public bool HasIntegrity => _integrityOffset != 0;

    /// <summary>Whether USE-CANDIDATE is there.</summary>
    public bool UseCandidate { get; }

    /// <summary>PRIORITY, if there.</summary>
    public uint? Priority { get; }

    /// <summary>The tie-breaker of ICE-CONTROLLING, if there.</summary>
    public ulong? IceControlling { get; }

    /// <summary>The tie-breaker of ICE-CONTROLLED, if there.</summary>
    public ulong? IceControlled { get; }

    /// <summary>XOR-MAPPED-ADDRESS, if there.</summary>
    public TransportAddress? MappedAddress { get; }

    /// <summary>The number of ERROR-CODE, 300 to 699, if there.</summary>
    public int? ErrorCode { get; }

    /// <summary>Comprehension-required attributes that are not known here, at most <see cref="MaxUnknownAttributes"/>.</summary>
    public ReadOnlySpan<ushort> UnknownAttributes { get; }

    /// <summary>Reads a message that fills <paramref name="source"/> exactly.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out StunMessage message)
    {
        message = default;
        var attributes = default(Attributes);
        if (
            source.Length > MaxSize
            || !StunHeader.TryParse(source, out var header)
            || !attributes.TryRead(source, header)
        )
        {
            return false;
        }

        message = new StunMessage(source, header, attributes);
        return true;
    }

    /// <summary>Whether MESSAGE-INTEGRITY is there and was made with <paramref name="key"/>.</summary>
    public bool VerifyIntegrity(ReadOnlySpan<byte> key)
    {
        if (!HasIntegrity)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[StunIntegrity.Size];
        StunIntegrity.Compute(_source[.._integrityOffset], key, expected);
        var actual = _source.Slice(_integrityOffset + 4, StunIntegrity.Size);
        return CryptographicOperations.FixedTimeEquals(expected, actual);
    }

    /// <summary>What a walk over the attributes finds.</summary>
    private struct Attributes
    {
        public int UsernameOffset;
        public int UsernameLength;
        public int IntegrityOffset;
        public bool HasFingerprint;
        public bool UseCandidate;
        public uint? Priority;
        public ulong? IceControlling;
        public ulong? IceControlled;
        public TransportAddress? MappedAddress;
        public int? ErrorCode;
        public ushort[]? Unknown;

        public bool TryRead(ReadOnlySpan<byte> source, in StunHeader header)
        {
            var offset = StunHeader.Size;
            while (offset < source.Length)
            {
                // The body is a multiple of four, so four bytes are there, and padding is inside when the value is.
                var type = BinaryPrimitives.ReadUInt16BigEndian(source[offset..]);
                var length = BinaryPrimitives.ReadUInt16BigEndian(source[(offset + 2)..]);
                if (HasFingerprint || length > source.Length - offset - 4)
                {
                    return false;
                }

                if (!TryReadOne((StunAttributeType)type, source, offset, length, header))
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
            if (type == StunAttributeType.Fingerprint)
            {
                HasFingerprint = true;
                return length == 4
                    && BinaryPrimitives.ReadUInt32BigEndian(value)
                        == StunFingerprint.Compute(source[..offset]);
            }

            if (IntegrityOffset != 0)
            {
                return true; // RFC 8489 section 14.5: what follows is not protected, so it is not read
            }

            switch (type)
            {
                case StunAttributeType.Username:
                    (UsernameOffset, UsernameLength) =
                        UsernameOffset == 0 ? (offset + 4, length) : (UsernameOffset, UsernameLength);
                    return true;
                case StunAttributeType.MessageIntegrity:
                    IntegrityOffset = offset;
                    return length == StunIntegrity.Size;
                case StunAttributeType.Priority:
                    Priority ??= length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;
                    return length == 4;
                case StunAttributeType.UseCandidate:
                    UseCandidate = true;
                    return true;
                case StunAttributeType.IceControlling:
                    IceControlling ??= length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(value) : null;
                    return length == 8;
                case StunAttributeType.IceControlled:
                    IceControlled ??= length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(value) : null;
                    return length == 8;
                case StunAttributeType.XorMappedAddress:
                    var known = XorMappedAddress.TryParse(value, header.TransactionId, out var address);
                    MappedAddress ??= known ? address : null;
                    return known;
                case StunAttributeType.ErrorCode:
                    return TryReadErrorCode(value);
                case StunAttributeType.UnknownAttributes:
                case StunAttributeType.MessageIntegritySha256:
                    return true;
                default:
                    NoteUnknown((ushort)type);
                    return true;
            }
        }

        private bool TryReadErrorCode(ReadOnlySpan<byte> value)
        {
            if (value.Length < 4)
            {
                return false;
            }

            var hundreds = value[2] & 7;
            var rest = value[3];
            ErrorCode ??= (hundreds * 100) + rest;
            return hundreds is >= 3 and <= 6 && rest < 100;
        }

        private void NoteUnknown(ushort type)
        {
            if (type < FirstComprehensionOptional && (Unknown?.Length ?? 0) < MaxUnknownAttributes)
            {
                Unknown = [.. Unknown ?? [], type];
            }
        }
    }
}
