namespace PeerChat.WebRtc.Sdp;

/// <summary>One media section as its first line names it (RFC 8866 section 5.14); enough to answer it.</summary>
/// <param name="Media">What it carries: <c>application</c>, <c>audio</c>, <c>video</c>.</param>
/// <param name="Protocol">The transport: <c>UDP/DTLS/SCTP</c> and others.</param>
/// <param name="Format">The first format: <c>webrtc-datachannel</c>, a port in old offers, a number for audio and video.</param>
/// <param name="Mid">The identification tag (RFC 5888); null when it has none.</param>
/// <param name="IsDataChannels">Whether it is the section that the connection uses; all others are rejected.</param>
public sealed record SdpSection(
    string Media,
    string Protocol,
    string Format,
    string? Mid,
    bool IsDataChannels
);
