using System.Buffers.Binary;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Stun;

/// <summary>Writes one STUN message, attribute by attribute, and signs it at the end (RFC 8489 sections 5 and 14).</summary>
internal ref struct StunMessageWriter
{
    private readonly Span<byte> _buffer;
    private readonly StunMessageType _type;
    private readonly StunTransactionId _transactionId;
    private int _length;

    /// <summary>Starts a message in a buffer of at most <see cref="StunMessage.MaxSize"/> bytes.</summary>
    public StunMessageWriter(Span<byte> buffer, StunMessageType type, StunTransactionId transactionId)
    {
        _buffer = buffer;
        _type = type;
        _transactionId = transactionId;
        _length = StunHeader.Size;
    }

    /// <summary>Writes USERNAME from ASCII characters: credentials of ICE are made of nothing else.</summary>
    public void WriteUsername(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        var value = Attribute(StunAttributeType.Username, first.Length + 1 + second.Length);
        System.Text.Encoding.ASCII.GetBytes(first, value);
        value[first.Length] = (byte)':';
        System.Text.Encoding.ASCII.GetBytes(second, value[(first.Length + 1)..]);
    }

    /// <summary>Writes PRIORITY.</summary>
    public void WritePriority(uint priority) =>
        BinaryPrimitives.WriteUInt32BigEndian(Attribute(StunAttributeType.Priority, 4), priority);

    /// <summary>Writes USE-CANDIDATE.</summary>
    public void WriteUseCandidate() => Attribute(StunAttributeType.UseCandidate, 0);

    /// <summary>Writes ICE-CONTROLLING or ICE-CONTROLLED.</summary>
    public void WriteRole(bool isControlling, ulong tieBreaker) =>
        BinaryPrimitives.WriteUInt64BigEndian(
            Attribute(isControlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled, 8),
            tieBreaker
        );

    /// <summary>Writes XOR-MAPPED-ADDRESS.</summary>
    public void WriteMappedAddress(TransportAddress address) =>
        WriteAddress(StunAttributeType.XorMappedAddress, address);

    /// <summary>Writes a masked address.</summary>
    public void WriteAddress(StunAttributeType type, TransportAddress address)
    {
        Span<byte> value = stackalloc byte[XorMappedAddress.MaxSize];
        var length = XorMappedAddress.Write(value, address, _transactionId);
        value[..length].CopyTo(Attribute(type, length));
    }

    /// <summary>Writes a text as UTF-8.</summary>
    public void WriteText(StunAttributeType type, string text) =>
        WriteRaw(type, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a 32-bit number.</summary>
    public void WriteNumber(StunAttributeType type, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(Attribute(type, 4), value);

    /// <summary>Writes ERROR-CODE without a reason phrase: nobody would read it.</summary>
    public void WriteErrorCode(StunErrorCode code)
    {
        var value = Attribute(StunAttributeType.ErrorCode, 4);
        value[2] = (byte)((int)code / 100);
        value[3] = (byte)((int)code % 100);
    }

    /// <summary>Writes UNKNOWN-ATTRIBUTES.</summary>
    public void WriteUnknownAttributes(ReadOnlySpan<ushort> types)
    {
        var value = Attribute(StunAttributeType.UnknownAttributes, types.Length * 2);
        for (var i = 0; i < types.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value[(i * 2)..], types[i]);
        }
    }

    /// <summary>Writes an attribute of any type as it is.</summary>
    public void WriteRaw(StunAttributeType type, ReadOnlySpan<byte> value) =>
        value.CopyTo(Attribute(type, value.Length));

    /// <summary>Adds MESSAGE-INTEGRITY and FINGERPRINT; returns the finished message.</summary>
    public ReadOnlySpan<byte> Finish(ReadOnlySpan<byte> integrityKey)
    {
        WriteHeader(_length);
        var protectedLength = _length;
        var integrity = Attribute(StunAttributeType.MessageIntegrity, StunIntegrity.Size);
        StunIntegrity.Compute(_buffer[..protectedLength], integrityKey, integrity);
        return FinishUnsigned();
    }

    /// <summary>Adds MESSAGE-INTEGRITY-SHA256 in its full length, and FINGERPRINT; returns the finished message (RFC 8489 section 14.6).</summary>
    public ReadOnlySpan<byte> FinishSha256(ReadOnlySpan<byte> integrityKey)
    {
        WriteHeader(_length);
        var protectedLength = _length;
        var integrity = Attribute(StunAttributeType.MessageIntegritySha256, StunIntegrity.Sha256Size);
        StunIntegrity.ComputeSha256(
            _buffer[..protectedLength],
            integrityKey,
            StunIntegrity.Sha256Size,
            integrity
        );
        return FinishUnsigned();
    }

    /// <summary>Adds nothing; returns the finished message.</summary>
    public readonly ReadOnlySpan<byte> FinishBare()
    {
        WriteHeader(_length);
        return _buffer[.._length];
    }

    /// <summary>Adds FINGERPRINT only; returns the finished message.</summary>
    public ReadOnlySpan<byte> FinishUnsigned()
    {
        var checkedLength = _length;
        var fingerprint = Attribute(StunAttributeType.Fingerprint, 4);
        WriteHeader(_length);
        BinaryPrimitives.WriteUInt32BigEndian(fingerprint, StunFingerprint.Compute(_buffer[..checkedLength]));
        return _buffer[.._length];
    }

    private readonly void WriteHeader(int length) =>
        new StunHeader(_type, (ushort)(length - StunHeader.Size), _transactionId).Write(_buffer);

    private Span<byte> Attribute(StunAttributeType type, int length)
    {
        var padded = (length + 3) & ~3;
        var attribute = _buffer.Slice(_length, 4 + padded);
        attribute.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(attribute, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute[2..], (ushort)length);
        _length += attribute.Length;
        return attribute.Slice(4, length);
    }
}
