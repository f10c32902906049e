using PeerChat.Primitives;
using PeerChat.WebRtc.Stun;

namespace PeerChat.WebRtc.Ice;

/// <summary>Writes the Binding messages of connectivity checks (RFC 8445 sections 7.1 and 7.3).</summary>
internal static class IceMessages
{
    /// <summary>The user name of a request between the longest fragments, and all other attributes (RFC 8839 section 5.4).</summary>
    private const int MaxSize = 768;

    /// <summary>A check, signed with the peer's password.</summary>
    public static byte[] Request(
        StunTransactionId transactionId,
        IceCredentials local,
        IceCredentials remote,
        uint priority,
        bool isControlling,
        ulong tieBreaker,
        bool useCandidate
    )
    {
        Span<byte> buffer = stackalloc byte[MaxSize];
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingRequest, transactionId);
        writer.WriteUsername(remote.Ufrag, local.Ufrag);
        writer.WritePriority(priority);
        writer.WriteRole(isControlling, tieBreaker);
        if (useCandidate)
        {
            writer.WriteUseCandidate();
        }

        return writer.Finish(remote.Key).ToArray();
    }

    /// <summary>The answer to a check, signed with the own password.</summary>
    public static byte[] Success(
        StunTransactionId transactionId,
        IceCredentials local,
        TransportAddress source
    )
    {
        Span<byte> buffer = stackalloc byte[MaxSize];
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingSuccess, transactionId);
        writer.WriteMappedAddress(source);
        return writer.Finish(local.Key).ToArray();
    }

    /// <summary>The refusal of a check, signed with the own password.</summary>
    public static byte[] Error(
        StunTransactionId transactionId,
        IceCredentials local,
        StunErrorCode code,
        ReadOnlySpan<ushort> unknownAttributes
    )
    {
        Span<byte> buffer = stackalloc byte[MaxSize];
        var writer = new StunMessageWriter(buffer, StunMessageType.BindingError, transactionId);
        writer.WriteErrorCode(code);
        if (!unknownAttributes.IsEmpty)
        {
            writer.WriteUnknownAttributes(unknownAttributes);
        }

        return writer.Finish(local.Key).ToArray();
    }

    /// <summary>
    /// Splits the user name of a received request into the receiver's and the sender's fragment; false when it has not
    /// that form.
    /// </summary>
    public static bool TrySplitUsername(
        ReadOnlySpan<byte> username,
        out ReadOnlySpan<byte> receiver,
        out ReadOnlySpan<byte> sender
    )
    {
        var colon = username.IndexOf((byte)':');
        receiver = colon < 0 ? default : username[..colon];
        sender = colon < 0 ? default : username[(colon + 1)..];
        return receiver.Length is >= IceCredentials.MinUfragLength and <= IceCredentials.MaxLength
            && sender.Length is >= IceCredentials.MinUfragLength and <= IceCredentials.MaxLength;
    }
}
