using System.Diagnostics;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Our stack and pion's, which is written in Go from the ground up.</summary>
public sealed class PionTests(ITestOutputHelper output, PionTests.Fixture fixture)
    : CounterpartTests(output),
        IClassFixture<PionTests.Fixture>
{
    private const int MaxMessage = 262_144;

    protected override string Needs => "golang-go and golang-github-pion-webrtc.v3-dev";

    protected override int[] TheirSizes => [0, 1, 1200, 16_384, 65_535, 0, 3]; // its own limit

    private protected override IScriptedPeer Counterpart => fixture.Peer;

    // pion does not say how long messages may be, which stands for 65,536 bytes (RFC 8841 section 6.1); its program here takes more.
    protected override string Complete(string description)
    {
        ArgumentNullException.ThrowIfNull(description);
        description.ShouldNotContain("max-message-size");
        return description.Replace(
            "a=sctp-port:5000\r\n",
            $"a=sctp-port:5000\r\na=max-message-size:{MaxMessage}\r\n",
            StringComparison.Ordinal
        );
    }

    /// <summary>The program in <c>pion</c>, built from Debian's packaged sources.</summary>
    public sealed class Fixture : CounterpartFixture
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-pion-");

        /// <inheritdoc/>
        public override void Dispose()
        {
            base.Dispose();
            _folder.Delete(recursive: true);
        }

        internal override IScriptedPeer Start()
        {
            var program = Path.Combine(_folder.FullName, "pion");
            var start = new ProcessStartInfo("go", ["build", "-o", program, "."])
            {
                WorkingDirectory = TestFolder.Path("pion"),
                UseShellExecute = false,
            };
            start.Environment["GO111MODULE"] = "off";
            start.Environment["GOPATH"] = "/usr/share/gocode";
            using var build = Process.Start(start)!;
            build.WaitForExit();
            build.ExitCode.ShouldBe(0);
            return new LinePeer(program);
        }
    }
}
