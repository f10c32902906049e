using System.Diagnostics.CodeAnalysis;

namespace PeerChat.WebRtc.Sdp;

/// <summary>An offer or answer as SDP text (RFC 8866, 8829, 8839, 8841, 8842), as browsers exchange it.</summary>
/// <remarks>
/// One section with data channels is read and written. Reading is tolerant, since every stack writes in its own way; what is
/// written is the form that RFC 8829 section 5.2.1 asks for.
/// </remarks>
public sealed record SdpDocument
{
    private SdpDocument(
        SessionDescription description,
        IReadOnlyList<SdpSection> sections,
        int ignoredCandidates,
        bool isComplete,
        bool isBundled
    )
    {
        Description = description;
        Sections = sections;
        IgnoredCandidates = ignoredCandidates;
        IsComplete = isComplete;
        IsBundled = isBundled;
    }

    /// <summary>What a <see cref="PeerConnection"/> needs.</summary>
    public SessionDescription Description { get; }

    /// <summary>All sections in their order; exactly one is the one for data channels.</summary>
    public IReadOnlyList<SdpSection> Sections { get; }

    /// <summary>Candidates that are known by name only.</summary>
    public IReadOnlyList<SdpHostNameCandidate> HostNameCandidates => Description.HostNames;

    /// <summary>Candidates that were left out: TCP, other components, malformed ones, more than the limits.</summary>
    public int IgnoredCandidates { get; }

    /// <summary>Whether the peer says that no candidates follow.</summary>
    public bool IsComplete { get; }

    /// <summary>Whether the peer may put other sections on the transport of the data channels (RFC 9143).</summary>
    internal bool IsBundled { get; }

    /// <summary>Reads an offer or answer, or says in English why it is of no use. It never throws.</summary>
    /// <param name="text">The SDP; lines end with LF, or CR and LF.</param>
    /// <param name="document">The result.</param>
    /// <param name="reason">For logs; holds nothing that the peer wrote.</param>
    public static bool TryParse(
        ReadOnlySpan<char> text,
        [NotNullWhen(true)] out SdpDocument? document,
        [NotNullWhen(false)] out string? reason
    )
    {
        document = null;
        var reader = new SdpReader();
        reason = reader.Read(text);
        if (reason is not null)
        {
            return false;
        }

        reason = reader.TryDescribe(out var description);
        if (description is null)
        {
            reason ??= "it is no description";
            return false;
        }

        var (attributes, session) = (reader.DataChannels!, reader.Session);
        document = new SdpDocument(
            description with
            {
                HostNames = Array.AsReadOnly([.. attributes.HostNames]),
            },
            Array.AsReadOnly([.. reader.Sections]),
            attributes.IgnoredCandidates,
            attributes.IsComplete || session.IsComplete,
            attributes.Mid is { } mid && session.Bundle.Contains($" {mid} ", StringComparison.Ordinal)
        );
        return true;
    }

    /// <summary>Writes an offer; also one that restarts ICE, from <see cref="PeerConnection.TryOfferRestart"/>.</summary>
    /// <param name="offer">What this side says.</param>
    /// <param name="version">Counts this side's descriptions of one connection from 1 (RFC 8829 section 5.2.2).</param>
    /// <param name="isComplete">Whether no candidates follow.</param>
    public static string WriteOffer(SessionDescription offer, int version = 1, bool isComplete = false)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return SdpWriter.Write(
            offer,
            [new SdpSection("application", SdpWriter.Protocol, SdpWriter.Format, "0", IsDataChannels: true)],
            isBundled: true,
            version,
            isComplete
        );
    }

    /// <summary>Writes the answer to an offer: every section of it in its place, all but the data channels rejected.</summary>
    /// <param name="answer">What this side says.</param>
    /// <param name="offer">What is answered.</param>
    /// <param name="version">Counts this side's descriptions of one connection from 1.</param>
    /// <param name="isComplete">Whether no candidates follow.</param>
    public static string WriteAnswer(
        SessionDescription answer,
        SdpDocument offer,
        int version = 1,
        bool isComplete = false
    )
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(offer);
        return SdpWriter.Write(answer, offer.Sections, offer.IsBundled, version, isComplete);
    }
}
