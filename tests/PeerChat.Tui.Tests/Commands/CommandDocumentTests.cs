using PeerChat.TestKit;
using PeerChat.Tui.Commands.Help;
using Xunit;

namespace PeerChat.Tui.Tests.Commands;

public sealed class CommandDocumentTests
{
    [Fact]
    public void The_published_commands_are_those_of_the_table() =>
        PublishedDocument.MatchBlock("SCRIPTING.md", "commands", CommandReference.Markdown());
}
