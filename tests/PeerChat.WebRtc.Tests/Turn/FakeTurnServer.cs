using System.Buffers.Binary;
using System.Text;
using PeerChat.Primitives;
using PeerChat.WebRtc.Stun;
using PeerChat.WebRtc.Tests.Connection;
using PeerChat.WebRtc.Tests.Stun;

namespace PeerChat.WebRtc.Tests.Turn;

/// <summary>As much of a TURN server as a client sees, with faults on demand. It has one client.</summary>
internal sealed class FakeTurnServer(IEntropy entropy)
{
    public const string Username = "alice";
    public const string Password = "secret";
    private const string Realm = "test";

    private readonly HashSet<TransportAddress> _permissions = [];
    private readonly Dictionary<ushort, TransportAddress> _channels = [];
    private readonly Dictionary<StunTransactionId, byte[]> _answered = []; // RFC 8489 section 6.3.1: a repetition gets the same answer
    private string _nonce = "first";

    public static readonly TransportAddress Relayed = Addresses.Of("203.0.113.9:50000");
    public static readonly TransportAddress Relayed6 = Addresses.Of("[2001:db8::9]:50000");
    public static readonly TransportAddress Mapped = Addresses.Of("198.51.100.7:40000");

    /// <summary>What goes to the client.</summary>
    public Queue<byte[]> ToClient { get; } = new();

    /// <summary>What was relayed to peers.</summary>
    public List<(TransportAddress Peer, byte[] Payload, bool ByChannel)> ToPeers { get; } = [];

    /// <summary>How many requests of each type came that were signed rightly.</summary>
    public Dictionary<StunMessageType, int> Granted { get; } = [];

    public bool HasAllocation { get; set; }
    public bool HasIPv6 { get; set; }
    public bool HasIPv4 { get; set; } = true;
    public uint Lifetime { get; set; } = 600;
    public bool IsSilent { get; set; }

    /// <summary>A code with which requests of a type are refused.</summary>
    public Dictionary<StunMessageType, StunErrorCode> Refusals { get; } = [];

    /// <summary>The server named in a 300.</summary>
    public TransportAddress? Alternate { get; set; }

    /// <summary>A nonce is good for so many requests; null for ever.</summary>
    public int? NonceUses { get; set; }

    /// <summary>Answers are signed with another password.</summary>
    public bool SignsWrongly { get; set; }

    private byte[] Key =>
        LongTermCredentials.DeriveKey(Username, Realm, SignsWrongly ? "other" : Password, false);

    public void Handle(byte[] message)
    {
        if (IsSilent)
        {
            return;
        }

        if (message[0] >= 64)
        {
            var number = BinaryPrimitives.ReadUInt16BigEndian(message);
            var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(2));
            ToPeers.Add((_channels[number], message[4..(4 + length)], true));
            return;
        }

        if (!StunHeader.TryParse(message, out var header))
        {
            return;
        }

        if (header.Type == StunMessageType.SendIndication)
        {
            var peer = PeerOf(message, header);
            if (_permissions.Contains(peer.WithPort(0)))
            {
                ToPeers.Add((peer, RawStun.Find(message, StunAttributeType.Data)!, false));
            }

            return;
        }

        if (_answered.TryGetValue(header.TransactionId, out var answer))
        {
            ToClient.Enqueue(answer);
            return;
        }

        if (Challenge(message) is { } challenge)
        {
            Refuse(header, challenge, withNonce: true);
        }
        else if (Refusals.TryGetValue(header.Type, out var refusal))
        {
            Refuse(header, refusal, withNonce: false);
        }
        else
        {
            Grant(header, message);
        }
    }

    /// <summary>A peer sends to the relay.</summary>
    public void FromPeer(TransportAddress peer, byte[] payload)
    {
        if (!_permissions.Contains(peer.WithPort(0)))
        {
            return;
        }

        foreach (var (number, bound) in _channels)
        {
            if (bound == peer)
            {
                var data = new byte[4 + payload.Length];
                BinaryPrimitives.WriteUInt16BigEndian(data, number);
                BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(2), (ushort)payload.Length);
                payload.CopyTo(data, 4);
                ToClient.Enqueue(data);
                return;
            }
        }

        Indicate(peer, payload);
    }

    /// <summary>Data comes as an indication, whether the peer is let in or not.</summary>
    public void Indicate(TransportAddress peer, byte[] payload)
    {
        var buffer = new byte[2000];
        var writer = new StunMessageWriter(
            buffer,
            StunMessageType.DataIndication,
            StunTransactionId.Create(entropy)
        );
        writer.WriteAddress(StunAttributeType.XorPeerAddress, peer);
        writer.WriteRaw(StunAttributeType.Data, payload);
        ToClient.Enqueue(writer.FinishBare().ToArray());
    }

    private StunErrorCode? Challenge(byte[] message)
    {
        if (!StunServerMessage.TryParse(message, out var parsed) || !parsed.IsSigned)
        {
            return StunErrorCode.Unauthenticated;
        }

        var key = LongTermCredentials.DeriveKey(Username, Realm, Password, false);
        if (!parsed.VerifyIntegrity(key))
        {
            return StunErrorCode.Unauthenticated;
        }

        if (Encoding.UTF8.GetString(parsed.Nonce) != _nonce || NonceUses == 0)
        {
            _nonce += "+";
            NonceUses = NonceUses is null ? null : 3;
            return StunErrorCode.StaleNonce;
        }

        NonceUses--;
        return null;
    }

    private void Grant(StunHeader header, byte[] message)
    {
        Granted[header.Type] = Granted.GetValueOrDefault(header.Type) + 1;
        var buffer = new byte[512];
        var writer = new StunMessageWriter(
            buffer,
            (StunMessageType)((int)header.Type | 0x0100),
            header.TransactionId
        );
        switch (header.Type)
        {
            case StunMessageType.AllocateRequest when HasAllocation:
                Refuse(header, StunErrorCode.AllocationMismatch, withNonce: false);
                return;
            case StunMessageType.AllocateRequest
                when !HasIPv4 && !RawStun.Has(message, StunAttributeType.RequestedAddressFamily):
                Refuse(header, StunErrorCode.AddressFamilyNotSupported, withNonce: false);
                return;
            case StunMessageType.AllocateRequest:
                HasAllocation = true;
                if (HasIPv4)
                {
                    writer.WriteAddress(StunAttributeType.XorRelayedAddress, Relayed);
                }

                if (HasIPv6)
                {
                    writer.WriteAddress(StunAttributeType.XorRelayedAddress, Relayed6);
                }

                writer.WriteMappedAddress(Mapped);
                writer.WriteNumber(StunAttributeType.Lifetime, Lifetime);
                break;
            case StunMessageType.RefreshRequest when !HasAllocation:
                Refuse(header, StunErrorCode.AllocationMismatch, withNonce: false);
                return;
            case StunMessageType.RefreshRequest:
                var asked = RawStun.Find(message, StunAttributeType.Lifetime);
                HasAllocation = asked is null;
                writer.WriteNumber(StunAttributeType.Lifetime, asked is null ? Lifetime : 0);
                break;
            case StunMessageType.CreatePermissionRequest:
                _permissions.Add(PeerOf(message, header).WithPort(0));
                break;
            case StunMessageType.ChannelBindRequest:
                var number = BinaryPrimitives.ReadUInt16BigEndian(
                    RawStun.Find(message, StunAttributeType.ChannelNumber)
                );
                _channels[number] = PeerOf(message, header);
                _permissions.Add(PeerOf(message, header).WithPort(0));
                break;
            default:
                break;
        }

        Answer(header, writer.Finish(Key).ToArray());
    }

    private void Refuse(StunHeader header, StunErrorCode code, bool withNonce)
    {
        var buffer = new byte[512];
        var writer = new StunMessageWriter(
            buffer,
            (StunMessageType)((int)header.Type | 0x0110),
            header.TransactionId
        );
        writer.WriteErrorCode(code);
        if (withNonce)
        {
            writer.WriteText(StunAttributeType.Realm, Realm);
            writer.WriteText(StunAttributeType.Nonce, _nonce);
        }

        if (Alternate is { } alternate)
        {
            var value = new byte[8];
            value[1] = 1;
            BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(2), alternate.Port);
            alternate.WriteAddress(value.AsSpan(4));
            writer.WriteRaw(StunAttributeType.AlternateServer, value);
        }

        Answer(header, withNonce ? writer.FinishUnsigned().ToArray() : writer.Finish(Key).ToArray());
    }

    private void Answer(StunHeader header, byte[] message)
    {
        _answered[header.TransactionId] = message;
        ToClient.Enqueue(message);
    }

    private static TransportAddress PeerOf(byte[] message, StunHeader header)
    {
        return XorMappedAddress.TryParse(
            RawStun.Find(message, StunAttributeType.XorPeerAddress),
            header.TransactionId,
            out var peer
        )
            ? peer
            : throw new InvalidOperationException("The client names no peer.");
    }
}
