using Google.Protobuf;
using PeerChat.Primitives;
using PeerChat.WebRtc;
using PeerChat.WebRtc.Sdp;

namespace PeerChat.Node.Meeting;

/// <summary>A session description as it travels in a sealed offer or answer: only what differs from session to session.</summary>
/// <remarks>Between two PeerChat peers the rest of an SDP is always the same; without it one datagram holds an offer.</remarks>
internal static class DescriptionCodec
{
    /// <summary>So many candidates travel; more would not fit one datagram, and nobody has so many addresses on one link.</summary>
    public const int MaxCandidates = 20;

    /// <summary>A peer must take at least this: the largest frame with room to spare.</summary>
    public const int MinMessageSize = 256 * 1024;

    /// <summary>The longest INIT in bytes; ours has 40, and an offer must fit one datagram.</summary>
    public const int MaxSctpInit = 128;

    private const int FingerprintSize = 32;

    /// <summary>Writes a description.</summary>
    /// <param name="description">The description.</param>
    /// <param name="isForOthers">Whether only those are to answer who are not linked to whoever offers.</param>
    public static byte[] Write(SessionDescription description, bool isForOthers = false)
    {
        var message = new Wire.Description
        {
            Ufrag = description.Ufrag,
            Password = description.Password,
            FingerprintSha256 = ByteString.CopyFrom(description.FingerprintSha256),
            Setup = (uint)description.Setup,
            MaxMessageSize = (uint)description.MaxMessageSize,
            SctpInit = description.SctpInit is { } init ? ByteString.CopyFrom(init) : ByteString.Empty,
            IsForOthers = isForOthers,
        };
        Span<byte> address = stackalloc byte[16];
        foreach (var candidate in description.Candidates.Take(MaxCandidates))
        {
            var length = candidate.Address.WriteAddress(address);
            message.Candidates.Add(
                new Wire.Candidate
                {
                    Type = (uint)candidate.Type,
                    Address = ByteString.CopyFrom(address[..length]),
                    Port = candidate.Address.Port,
                    Priority = candidate.Priority,
                    Foundation = candidate.Foundation,
                }
            );
        }

        foreach (var hidden in description.HostNames.Take(SdpLimits.MaxHostNames))
        {
            message.HostNames.Add(
                new Wire.HostName
                {
                    Name = hidden.HostName,
                    Port = hidden.Port,
                    Priority = hidden.Priority,
                    Foundation = hidden.Foundation,
                }
            );
        }

        return message.ToByteArray();
    }

    /// <summary>Reads a description; null when it is not one.</summary>
    public static SessionDescription? Read(ReadOnlySpan<byte> bytes) => Read(bytes, out _);

    /// <summary>Reads a description, and whether only those are to answer who are not linked to whoever offers.</summary>
    public static SessionDescription? Read(ReadOnlySpan<byte> bytes, out bool isForOthers)
    {
        isForOthers = false;
        Wire.Description message;
        try
        {
            message = Wire.Description.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }

        if (
            message.Candidates.Count > MaxCandidates
            || message.HostNames.Count > SdpLimits.MaxHostNames
            || message.HostNames.Any(hidden => hidden.Port > ushort.MaxValue)
            || message.FingerprintSha256.Length != FingerprintSize
            || message.Setup > (uint)DtlsSetup.Passive
            || message.SctpInit.Length > MaxSctpInit
            || message.MaxMessageSize is < MinMessageSize or > int.MaxValue
        )
        {
            return null;
        }

        isForOthers = message.IsForOthers;
        var candidates = new List<IceCandidate>();
        foreach (var candidate in message.Candidates)
        {
            if (
                candidate.Address.Length is not (4 or 16)
                || candidate.Port is 0 or > ushort.MaxValue
                || candidate.Type > (uint)IceCandidateType.Relayed
            )
            {
                return null;
            }

            candidates.Add(
                new IceCandidate(
                    (IceCandidateType)candidate.Type,
                    TransportAddress.FromBytes(candidate.Address.Span, (int)candidate.Port),
                    candidate.Priority,
                    candidate.Foundation
                )
            );
        }

        SdpHostNameCandidate[] names =
        [
            .. message.HostNames.Select(hidden => new SdpHostNameCandidate(
                hidden.Name,
                (ushort)hidden.Port,
                IceCandidateType.Host,
                hidden.Priority,
                hidden.Foundation
            )),
        ];
        return
            names.All(hidden => hidden.IsWellFormed)
            && SessionDescription.TryCreate(
                message.Ufrag,
                message.Password,
                message.FingerprintSha256.ToByteArray(),
                (DtlsSetup)message.Setup,
                candidates,
                (int)message.MaxMessageSize,
                out var description,
                out _
            )
            ? description with
            {
                HostNames = names,
                SctpInit = message.SctpInit.IsEmpty ? null : message.SctpInit.ToByteArray(),
            }
            : null;
    }
}
