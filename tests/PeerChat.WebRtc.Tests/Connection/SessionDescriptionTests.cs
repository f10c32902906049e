using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Connection;

public sealed class SessionDescriptionTests
{
    private const string Ufrag = "abcd";
    private const string Password = "0123456789abcdefghij+/";
    private static readonly IceCandidate Host = new(
        IceCandidateType.Host,
        Addresses.Of("10.0.0.1:5"),
        1,
        "f"
    );

    private static string? Fault(
        string ufrag = Ufrag,
        string password = Password,
        int fingerprintLength = 32,
        DtlsSetup setup = DtlsSetup.ActPass,
        IceCandidate[]? candidates = null,
        int maxMessageSize = 0
    )
    {
        var created = SessionDescription.TryCreate(
            ufrag,
            password,
            new byte[fingerprintLength],
            setup,
            candidates ?? [Host],
            maxMessageSize,
            out var description,
            out var reason
        );
        (description is not null).ShouldBe(created);
        return reason;
    }

    [Fact]
    public void Accepts_what_the_standards_allow_at_their_limits()
    {
        Fault().ShouldBeNull();
        Fault(ufrag: new string('a', 256), password: new string('b', 256)).ShouldBeNull();
        Fault(candidates: []).ShouldBeNull();
        Fault(candidates: [.. Enumerable.Repeat(Host, SessionDescription.MaxCandidates)]).ShouldBeNull();
        Fault(candidates: [Host with { Priority = int.MaxValue, Foundation = new string('9', 32) }])
            .ShouldBeNull();
        Fault(maxMessageSize: int.MaxValue).ShouldBeNull();
    }

    [Fact]
    public void Says_what_is_wrong()
    {
        Fault(ufrag: "abc").ShouldNotBeNull().ShouldContain("user name");
        Fault(ufrag: new string('a', 257)).ShouldNotBeNull().ShouldContain("user name");
        Fault(ufrag: "abc:").ShouldNotBeNull().ShouldContain("user name");
        Fault(password: Password[1..]).ShouldNotBeNull().ShouldContain("password");
        Fault(password: Password[1..] + "é").ShouldNotBeNull().ShouldContain("password");
        Fault(fingerprintLength: 31).ShouldNotBeNull().ShouldContain("fingerprint");
        Fault(setup: (DtlsSetup)3).ShouldNotBeNull().ShouldContain("role");
        Fault(maxMessageSize: -1).ShouldNotBeNull().ShouldContain("message size");
        Fault(candidates: [.. Enumerable.Repeat(Host, SessionDescription.MaxCandidates + 1)])
            .ShouldNotBeNull()
            .ShouldContain("too many");
    }

    [Fact]
    public void Refuses_candidates_out_of_range()
    {
        IceCandidate[] bad =
        [
            Host with
            {
                Priority = 0,
            },
            Host with
            {
                Priority = 1u << 31,
            },
            Host with
            {
                Foundation = "",
            },
            Host with
            {
                Foundation = new string('1', 33),
            },
            Host with
            {
                Foundation = "a b",
            },
            Host with
            {
                Type = (IceCandidateType)4,
            },
        ];
        foreach (var candidate in bad)
        {
            Fault(candidates: [Host, candidate]).ShouldNotBeNull(candidate.ToString());
        }
    }

    [Fact]
    public void Does_not_change_when_what_it_was_made_from_does()
    {
        var candidates = new List<IceCandidate> { Host };
        var fingerprint = new byte[32];
        SessionDescription
            .TryCreate(Ufrag, Password, fingerprint, DtlsSetup.Active, candidates, 1, out var first, out _)
            .ShouldBeTrue();
        SessionDescription
            .TryCreate(Ufrag, Password, fingerprint, DtlsSetup.Active, candidates, 1, out var second, out _)
            .ShouldBeTrue();

        candidates.Clear();
        fingerprint[0] = 1;

        first!.Candidates.ShouldBe([Host]);
        first.FingerprintSha256[0].ShouldBe((byte)0);
        first.ShouldBe(second);
        first.GetHashCode().ShouldBe(second!.GetHashCode());
        ConnectionPair.With(first, maxMessageSize: 2).ShouldNotBe(first);
        (first with { SctpPort = 5001 }).ShouldNotBe(first);
    }
}
