using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Services;

/// <summary>Two who use no service and hear nothing of each other paste codes, by the program's own commands.</summary>
public sealed class HandCodeTests : ProcessTests
{
    [Fact]
    public void Two_meet_by_pasted_codes_and_a_wrong_letter_is_told_before()
    {
        SkipUnlessAsked();
        var offering = PeerChat("alice", null, "offer", "--user", NameOf("alice"), "--rungs", "known");
        offering.WaitUntil(text => text.Contains('\n'), "the offer");
        var offer = offering.Output.Split('\n')[0];
        offer.Length.ShouldBeLessThanOrEqualTo(300);

        var wrong = PeerChat(
            "bob",
            "",
            "answer",
            offer[..^1] + (offer[^1] == 'z' ? 'y' : 'z'),
            "--user",
            NameOf("bob"),
            "--rungs",
            "known"
        );
        wrong.WaitForExit().ShouldNotBe(0);
        wrong.Errors.ShouldContain("A letter of the code is wrong");

        var answering = PeerChat("bob", "", "answer", offer, "--user", NameOf("bob"), "--rungs", "known");
        answering.WaitUntil(text => text.Contains('\n'), "the answer");
        offering.Type(answering.Output.Split('\n')[0]);

        offering.WaitForExit().ShouldBe(0, offering.Errors);
        answering.WaitForExit().ShouldBe(0, answering.Errors);
        offering.Output.ShouldContain(NameOf("bob"));
    }
}
