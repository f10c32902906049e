using PeerChat.Node.Host;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

public sealed class AttachedAnswersTests
{
    private readonly List<NodeCommand> _asked = [];
    private readonly List<ContactSummary> _contacts = [];

    [Fact]
    public void Only_those_the_user_named_are_accepted_by_name_in_any_case_or_by_id()
    {
        var answers = Answers(new NodeOptions { Accept = ["Bob", "pc1carol"] });

        answers.Handle(new NodeEvent.RequestReceived("r1", "bob", "pc1bob", ""));
        answers.Handle(new NodeEvent.RequestReceived("r2", "anything", "pc1carol", ""));
        answers.Handle(new NodeEvent.RequestReceived("r3", "dave", "pc1dave", ""));

        _asked.OfType<NodeCommand.AnswerRequest>().Select(answer => answer.Request).ShouldBe(["r1", "r2"]);
    }

    [Fact]
    public void A_new_key_under_a_contacts_name_is_never_accepted_by_itself()
    {
        _contacts.Add(new ContactSummary("Bob", "pc1old", "", TrustState.Pinned, false, 0, 0));
        var answers = Answers(new NodeOptions { AcceptAny = true, Accept = ["bob"] });

        answers.Handle(new NodeEvent.RequestReceived("r1", "bob", "pc1new", ""));

        _asked.OfType<NodeCommand.AnswerRequest>().ShouldBeEmpty();
    }

    [Fact]
    public void Waiting_text_is_released_only_where_the_user_said_so()
    {
        var question = new NodeEvent.OutboxQuestion("@bob", "bob", "", 1);

        Answers(new NodeOptions()).Handle(question);
        _asked.ShouldBeEmpty();
        Answers(new NodeOptions { ReleaseOutboxUnasked = true }).Handle(question);
        _asked.ShouldBe([new NodeCommand.ReleaseOutbox("@bob", true)]);
    }

    private AutoAnswers Answers(NodeOptions options) =>
        new(
            options,
            command =>
            {
                _asked.Add(command);
                return Task.FromResult<NodeReply>(
                    command is NodeCommand.ListContacts
                        ? new NodeReply.Contacts([.. _contacts])
                        : new NodeReply.Done()
                );
            }
        );
}
