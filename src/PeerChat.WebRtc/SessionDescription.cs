using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using PeerChat.WebRtc.Ice;

namespace PeerChat.WebRtc;

/// <summary>What one side must know of the other to connect: the content of an SDP offer or answer (RFC 8839, 8841, 8842).</summary>
/// <remarks>It must travel over a channel that keeps it authentic: the fingerprint in it is what the connection is worth.</remarks>
public sealed record SessionDescription
{
    /// <summary>The most candidates in one description; how many of them are used is the agent's matter (guess).</summary>
    public const int MaxCandidates = 100;

    private SessionDescription(
        string ufrag,
        string password,
        byte[] fingerprintSha256,
        DtlsSetup setup,
        IReadOnlyList<IceCandidate> candidates,
        int maxMessageSize
    )
    {
        Ufrag = ufrag;
        Password = password;
        FingerprintSha256 = fingerprintSha256;
        Setup = setup;
        Candidates = candidates;
        MaxMessageSize = maxMessageSize;
    }

    /// <summary>The ICE user name fragment.</summary>
    public string Ufrag { get; }

    /// <summary>The ICE password.</summary>
    public string Password { get; }

    /// <summary>SHA-256 of the DER certificate that the DTLS handshake will show; 32 bytes, not to be changed.</summary>
    public byte[] FingerprintSha256 { get; }

    /// <summary>Who starts the DTLS handshake.</summary>
    public DtlsSetup Setup { get; }

    /// <summary>The addresses known so far; more may follow one by one.</summary>
    public IReadOnlyList<IceCandidate> Candidates { get; }

    /// <summary>
    /// Host addresses that the describing side tells only its own network, by names of multicast DNS; at most
    /// <see cref="Sdp.SdpLimits.MaxHostNames"/> of them are looked at.
    /// </summary>
    public IReadOnlyList<Sdp.SdpHostNameCandidate> HostNames { get; init; } = [];

    /// <summary>The largest message the describing side takes in, in bytes; 0 means any (RFC 8841 section 6).</summary>
    public int MaxMessageSize { get; }

    /// <summary>The SCTP port of the describing side (RFC 8841 section 5); not 0.</summary>
    public ushort SctpPort { get; init; } = Sctp.SctpOptions.DefaultPort;

    /// <summary>
    /// The describing side's INIT chunk without padding, when it wants SCTP to begin without asking (a=sctp-init, draft-hancke-tsvwg-snap);
    /// null when it does not. Not to be changed.
    /// </summary>
    public byte[]? SctpInit { get; init; }

    /// <summary>Makes a description, or says in English why it is not one.</summary>
    public static bool TryCreate(
        string ufrag,
        string password,
        ReadOnlySpan<byte> fingerprintSha256,
        DtlsSetup setup,
        IReadOnlyList<IceCandidate> candidates,
        int maxMessageSize,
        [NotNullWhen(true)] out SessionDescription? description,
        [NotNullWhen(false)] out string? reason
    )
    {
        ArgumentNullException.ThrowIfNull(ufrag);
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(candidates);
        reason = FindFault(ufrag, password, fingerprintSha256, setup, candidates, maxMessageSize);
        description = reason is null
            ? new SessionDescription(
                ufrag,
                password,
                fingerprintSha256.ToArray(),
                setup,
                Array.AsReadOnly([.. candidates]),
                maxMessageSize
            )
            : null;
        return reason is null;
    }

    /// <summary>Whether every field, candidates in their order included, is equal.</summary>
    public bool Equals(SessionDescription? other) =>
        other is not null
        && string.Equals(Ufrag, other.Ufrag, StringComparison.Ordinal)
        && string.Equals(Password, other.Password, StringComparison.Ordinal)
        && FingerprintSha256.AsSpan().SequenceEqual(other.FingerprintSha256)
        && Setup == other.Setup
        && Candidates.SequenceEqual(other.Candidates)
        && HostNames.SequenceEqual(other.HostNames)
        && MaxMessageSize == other.MaxMessageSize
        && SctpPort == other.SctpPort
        && SctpInit.AsSpan().SequenceEqual(other.SctpInit);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Ufrag, Password, Setup, Candidates.Count, MaxMessageSize);

    private static string? FindFault(
        string ufrag,
        string password,
        ReadOnlySpan<byte> fingerprintSha256,
        DtlsSetup setup,
        IReadOnlyList<IceCandidate> candidates,
        int maxMessageSize
    )
    {
        if (!IceCredentials.IsUfrag(ufrag))
        {
            return "the ICE user name fragment is not 4 to 256 ICE characters";
        }

        if (!IceCredentials.IsPassword(password))
        {
            return "the ICE password is not 22 to 256 ICE characters";
        }

        if (fingerprintSha256.Length != SHA256.HashSizeInBytes)
        {
            return "the certificate fingerprint is not 32 bytes";
        }

        if (!Enum.IsDefined(setup))
        {
            return "the DTLS role is unknown";
        }

        if (maxMessageSize < 0)
        {
            return "the largest message size is negative";
        }

        if (candidates.Count > MaxCandidates)
        {
            return "there are too many candidates";
        }

        return candidates.All(candidate => candidate is { IsWellFormed: true })
            ? null
            : "a candidate has a priority or foundation out of range";
    }
}
