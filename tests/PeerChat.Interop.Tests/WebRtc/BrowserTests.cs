using PeerChat.WebRtc;
using PeerChat.WebRtc.Sdp;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>What browsers do beside what every counterpart does: names for addresses, candidates that trickle, restarts.</summary>
public abstract class BrowserTests(ITestOutputHelper output) : CounterpartTests(output)
{
    /// <summary>The same browser as nobody has configured it: its candidates are names of multicast DNS.</summary>
    private protected abstract IScriptedPeer Hiding { get; }

    [Fact]
    public void A_browser_that_hides_its_address_behind_a_name_is_reached_all_the_same()
    {
        SkipUnlessAsked(Needs);
        Connect(Hiding, weOffer: false, weStartDtls: true);
        ConnectionHost.Read(TheirDescription).HostNameCandidates.ShouldNotBeEmpty();
        Host.Send(Host.AwaitChannel("theirs"), 5);
        Messages("theirs", 1).ShouldBe([MessagePattern.Right(5)]);
    }

    [Fact]
    public void The_name_of_a_browser_that_does_not_know_us_is_resolved_and_its_address_tried()
    {
        SkipUnlessAsked(Needs);
        Prepare(Hiding, weOffer: false);
        Peer.Call("open", "peer", "theirs", new { });
        var answer = Host.Answer((string)Peer.Call("offer", "peer")!);
        Peer.Call("accept", "peer", Split(answer).Description); // it has nothing to try
        using var names = new NeighbourNames(OwnAddress().On);
        foreach (var learnt in Host.Events.OfType<PeerConnectionEvent.HostNameLearnt>())
        {
            names.Resolve(
                learnt.Candidate,
                address =>
                    Host.Run(
                        (connection, now) => connection.AddRemoteCandidate(learnt.Candidate.At(address), now)
                    )
            );
        }

        Host.AwaitConnected();
        Host.Send(Host.AwaitChannel("theirs"), 5);
        Messages("theirs", 1).ShouldBe([MessagePattern.Right(5)]);
    }

    [Fact]
    public void Our_address_behind_a_name_is_found_by_a_browser_that_we_do_not_know()
    {
        SkipUnlessAsked(Needs);
        using var names = new NeighbourNames(OwnAddress().On);
        Prepare(Hiding, weOffer: true); // one that does not hide asks for no names either
        Host.Run((connection, _) => connection.HideAddresses(names.Hide(OwnHost())));
        var (offer, candidates) = Split(Host.Offer());
        candidates.ShouldHaveSingleItem().ShouldNotContain(OwnHost().ToString());
        Host.Accept(Split((string)Peer.Call("answer", "peer", offer)!).Description); // we have nothing to try
        Peer.Call("addCandidate", "peer", candidates[0]);
        Peer.Call("open", "peer", "theirs", new { });
        Host.AwaitConnected();
        Host.Send(Host.AwaitChannel("theirs"), 5);
        Messages("theirs", 1).ShouldBe([MessagePattern.Right(5)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Candidates_of_either_side_may_come_after_the_descriptions(bool oursCome)
    {
        SkipUnlessAsked(Needs);
        Prepare(Counterpart, weOffer: true);
        var (offer, ours) = Split(Host.Offer());
        var (answer, theirs) = Split((string)Peer.Call("answer", "peer", offer)!);
        Host.Accept(answer);
        (ours.Length > 0 && theirs.Length > 0).ShouldBeTrue();
        foreach (var text in oursCome ? ours : theirs)
        {
            if (oursCome)
            {
                Peer.Call("addCandidate", "peer", text);
                continue;
            }

            if (SdpCandidate.TryParse(text, out var candidate, out _)) // not those for TCP
            {
                Host.Run((connection, now) => connection.AddRemoteCandidate(candidate!, now));
            }
        }

        Host.AwaitConnected();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_restart_that_either_side_offers_keeps_the_association_and_all_that_is_under_way(
        bool weRestart
    )
    {
        const int Rounds = 3;
        const int Size = 65_536;
        Begin(weOffer: true, weStartDtls: false);
        var theirs = Host.AwaitChannel("theirs");
        var binding = Host.Run((connection, _) => connection.Binding);
        HashSet<string> ufrags = [ConnectionHost.Read(TheirDescription).Description.Ufrag];
        for (var round = 1; round <= Rounds; round++)
        {
            Host.Send(theirs, Size, Size); // on their way during the restart
            TheySend("theirs", Size, Size);
            var description = Restart(weRestart, version: round + 1, ufrags);
            Host.AwaitRestarted(description);
            Host.Send(theirs, 5);
            TheySend("theirs", 5);
            string[] all =
            [
                .. Enumerable
                    .Repeat(new[] { Size, Size, 5 }, round)
                    .SelectMany(each => each)
                    .Select(MessagePattern.Right),
            ];
            Messages("theirs", all.Length).ShouldBe(all);
            Host.AwaitMessages(theirs, all.Length).ShouldBe(all);
        }

        ufrags.Count.ShouldBe(Rounds + 1);
        Host.Run((connection, _) => connection.Binding).ShouldBe(binding);
        ((string)Peer.Call("state", "peer")!).ShouldBe("connected");
        Host.Events.OfType<PeerConnectionEvent.Connected>().Count().ShouldBe(1);
    }

    [Fact]
    public void Of_two_offers_to_restart_that_cross_one_is_taken_back()
    {
        Begin(weOffer: false, weStartDtls: true);
        var theirs = Host.AwaitChannel("theirs");
        var ours = Host.OfferRestart(version: 2);
        var offer = (string)Peer.Call("offerRestart", "peer")!;
        // RFC 8829 section 4.1.10.2: theirs gives way to ours, though it was made as well.
        var answer = (string)Peer.Call("answerRestart", "peer", ours)!;
        answer.ShouldNotBe(offer);
        Host.AcceptRestart(answer);
        Host.AwaitRestarted(ours);
        Host.Send(theirs, 5);
        Messages("theirs", 1).ShouldBe([MessagePattern.Right(5)]);

        Host.OfferRestart(version: 3); // now ours gives way
        offer = (string)Peer.Call("offerRestart", "peer")!;
        answer = Host.AnswerRestart(offer, version: 4);
        Peer.Call("accept", "peer", answer);
        Host.AwaitRestarted(answer);
        TheySend("theirs", 6);
        Host.AwaitMessages(theirs, 1).ShouldBe([MessagePattern.Right(6)]);
    }

    // Gives what our side said.
    private string Restart(bool weRestart, int version, HashSet<string> ufrags)
    {
        string ours;
        string theirs;
        if (weRestart)
        {
            ours = Host.OfferRestart(version);
            theirs = (string)Peer.Call("answerRestart", "peer", ours)!;
            Host.AcceptRestart(theirs);
        }
        else
        {
            theirs = (string)Peer.Call("offerRestart", "peer")!;
            ours = Host.AnswerRestart(theirs, version);
            Peer.Call("accept", "peer", ours);
        }

        ufrags.Add(ConnectionHost.Read(theirs).Description.Ufrag).ShouldBeTrue();
        return ours;
    }
}
