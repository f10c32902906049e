using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Invitations;
using PeerChat.WebRtc;

namespace PeerChat.Node.Meeting;

/// <summary>An offer or answer as text that people carry by hand: what is always the same is left out, so that it stays short.</summary>
/// <remarks>
/// <code>
/// offer:  0x11 | PeerId 32 | secret 16 | description       answer: 0x12 | H(offer)[0..8] | description
/// description: setup 1 | fingerprint 32 | ufrag and password, each: length 1, base 64 decoded | n 1 | n × (type and family 1, address, port 2)
/// </code>
/// As text <c>peerchat:offer/</c> or <c>peerchat:answer/</c> and base 32 with a checksum of 4 bytes, as links have: 202 and 146 digits with two
/// IPv4 addresses.
/// </remarks>
/// <param name="Offerer">Who offers; null in an answer.</param>
/// <param name="Secret">16 random bytes of an offer, which the hello proves; empty in an answer.</param>
/// <param name="OfferHash">The offer that is answered; empty in an offer.</param>
/// <param name="Description">How to connect.</param>
internal sealed record HandCode(
    PeerId? Offerer,
    ReadOnlyMemory<byte> Secret,
    ReadOnlyMemory<byte> OfferHash,
    SessionDescription Description
)
{
    /// <summary>What an offer begins with.</summary>
    public const string OfferScheme = "peerchat:offer/";

    /// <summary>What an answer begins with.</summary>
    public const string AnswerScheme = "peerchat:answer/";

    /// <summary>Bytes of an offer's secret: it lives for minutes and is guessed by nobody.</summary>
    public const int SecretSize = 16;

    /// <summary>Bytes by which an answer names its offer; one of four at a time.</summary>
    public const int HashSize = 8;

    /// <summary>Addresses in a code at most: more make it longer than people care to paste.</summary>
    public const int MaxCandidates = 6;

    private const byte OfferKind = 0x11;
    private const byte AnswerKind = 0x12;
    private const int FingerprintSize = 32;
    private const int MaxDigits = 600;
    private const int MaxSize = 360;

    /// <summary>Whether it is an offer.</summary>
    public bool IsOffer => Offerer is not null;

    /// <summary>The bytes by which an answer names an offer.</summary>
    public static byte[] HashOf(string offer) =>
        SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Normal(offer)))[..HashSize];

    /// <summary>Reads a code, and says what is wrong with it.</summary>
    public static HandCodeProblem Read(string text, out HandCode? code)
    {
        code = null;
        var normal = Normal(text);
        var scheme = normal.StartsWith(AnswerScheme, StringComparison.Ordinal) ? AnswerScheme : OfferScheme;
        if (!normal.StartsWith(scheme, StringComparison.Ordinal) || normal.Length > MaxDigits)
        {
            return HandCodeProblem.OtherText;
        }

        if ((normal.Length - scheme.Length) % 8 != 0)
        {
            return HandCodeProblem.WrongLength;
        }

        return
            LinkText.Read(scheme, normal, MaxDigits) is { } bytes
            && TryParse(bytes, out code)
            && code.IsOffer == (scheme == OfferScheme)
            ? HandCodeProblem.None
            : HandCodeProblem.WrongLetter;
    }

    /// <summary>The text.</summary>
    public override string ToString()
    {
        var writer = new SpanWriter(new byte[MaxSize]);
        if (Offerer is { } offerer)
        {
            writer.WriteByte(OfferKind);
            offerer.Value.CopyTo(writer.Advance(Bytes32.Size));
            writer.WriteBytes(Secret.Span);
        }
        else
        {
            writer.WriteByte(AnswerKind);
            writer.WriteBytes(OfferHash.Span);
        }

        writer.WriteByte((byte)Description.Setup);
        writer.WriteBytes(Description.FingerprintSha256);
        WriteText(ref writer, Description.Ufrag);
        WriteText(ref writer, Description.Password);
        var candidates = Description
            .Candidates.Where(one => one.Address.ScopeId == 0)
            .OrderByDescending(one => one.Type == IceCandidateType.ServerReflexive)
            .ThenByDescending(one => one.Priority)
            .Take(MaxCandidates)
            .ToList();
        writer.WriteByte((byte)candidates.Count);
        foreach (var candidate in candidates)
        {
            writer.WriteByte((byte)(((int)candidate.Type << 1) | (candidate.Address.IsIPv6 ? 1 : 0)));
            writer.WriteBytes(candidate.Address.ToIPAddress().GetAddressBytes());
            writer.WriteUInt16(candidate.Address.Port);
        }

        return LinkText.Write(IsOffer ? OfferScheme : AnswerScheme, writer.Written);
    }

    private static string Normal(string text) =>
        string.Concat(text.Where(c => !char.IsWhiteSpace(c))).ToLowerInvariant();

    private static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out HandCode? code)
    {
        code = null;
        var reader = new SpanReader(bytes);
        if (!reader.TryReadByte(out var kind) || kind is not (OfferKind or AnswerKind))
        {
            return false;
        }

        ReadOnlySpan<byte> person = default;
        if (
            (kind == OfferKind && !reader.TryReadBytes(Bytes32.Size, out person))
            || !reader.TryReadBytes(kind == OfferKind ? SecretSize : HashSize, out var token)
            || !TryReadDescription(ref reader, out var description)
            || !LinkText.EndsWell(bytes, ref reader)
        )
        {
            return false;
        }

        code =
            kind == OfferKind
                ? new HandCode(new PeerId(new Bytes32(person)), token.ToArray(), default, description)
                : new HandCode(null, default, token.ToArray(), description);
        return true;
    }

    private static bool TryReadDescription(
        ref SpanReader reader,
        [NotNullWhen(true)] out SessionDescription? description
    )
    {
        description = null;
        if (
            !reader.TryReadByte(out var setup)
            || setup > (byte)DtlsSetup.Passive
            || !reader.TryReadBytes(FingerprintSize, out var fingerprint)
            || !TryReadText(ref reader, out var ufrag)
            || !TryReadText(ref reader, out var password)
            || !reader.TryReadByte(out var count)
            || count > MaxCandidates
        )
        {
            return false;
        }

        var candidates = new List<IceCandidate>();
        for (var i = 0; i < count; i++)
        {
            if (
                !reader.TryReadByte(out var kind)
                || kind >> 1 > (int)IceCandidateType.Relayed
                || !reader.TryReadBytes((kind & 1) == 1 ? 16 : 4, out var address)
                || !reader.TryReadUInt16(out var port)
                || port == 0
            )
            {
                return false;
            }

            candidates.Add(
                new IceCandidate(
                    (IceCandidateType)(kind >> 1),
                    new TransportAddress(new IPAddress(address), port),
                    PriorityOf((IceCandidateType)(kind >> 1), i),
                    i.ToString(System.Globalization.CultureInfo.InvariantCulture)
                )
            );
        }

        return SessionDescription.TryCreate(
            ufrag,
            password,
            fingerprint,
            (DtlsSetup)setup,
            candidates,
            DescriptionCodec.MinMessageSize,
            out description,
            out _
        );
    }

    // RFC 8445 section 5.1.2.1 with its recommended type preferences; the order in the code is that of the local preference.
    private static uint PriorityOf(IceCandidateType type, int index) =>
        (
            type switch
            {
                IceCandidateType.Host => 126u,
                IceCandidateType.PeerReflexive => 110u,
                IceCandidateType.ServerReflexive => 100u,
                _ => 1u,
            } << 24
        )
        + ((65_535u - (uint)index) << 8)
        + 255u;

    // ICE's characters are those of base 64 (RFC 8839 section 5.1), and ours fill it without a rest.
    private static void WriteText(ref SpanWriter writer, string text)
    {
        var bytes = Convert.FromBase64String(text);
        writer.WriteByte((byte)bytes.Length);
        writer.WriteBytes(bytes);
    }

    private static bool TryReadText(ref SpanReader reader, [NotNullWhen(true)] out string? text)
    {
        text =
            reader.TryReadByte(out var length)
            && length % 3 == 0
            && length is > 0 and < 192
            && reader.TryReadBytes(length, out var bytes)
                ? Convert.ToBase64String(bytes)
                : null;
        return text is not null;
    }
}
