using Xunit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Our stack and aiortc's, which is written in Python on OpenSSL.</summary>
public sealed class AiortcTests(ITestOutputHelper output, AiortcTests.Fixture fixture)
    : CounterpartTests(output),
        IClassFixture<AiortcTests.Fixture>
{
    protected override string Needs => "python3-aiortc";

    protected override bool TakesEitherDtlsRole => false; // it numbers its channels by the ICE role

    // FORWARD TSN has it drop the parts of messages on all streams (prune_chunks of aiortc 1.4.0).
    protected override bool GivesUpAlone => false;

    // After the first of them it takes the gap for the middle of a message, and keeps the second until the next chunk on
    // the stream (pop_messages of aiortc 1.4.0).
    protected override bool DeliversAcrossGaps => false;

    protected override int[] Sizes => [0, 1, 1200, 16_384, 65_536, 0, 3]; // it announces 65,536 as its largest message

    protected override int[] TheirSizes => [0, 1, 1200, 16_384, 65_537, 262_144, 0, 3];

    private protected override IScriptedPeer Counterpart => fixture.Peer;

    /// <summary>Its process.</summary>
    public sealed class Fixture : CounterpartFixture
    {
        // Debian's own Python, which has Debian's packages, whatever stands first in the path.
        internal override IScriptedPeer Start() =>
            new LinePeer("/usr/bin/python3", TestFolder.Path("python", "aiortc_peer.py"));
    }
}
