using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>What somebody sees who has just typed <c>peerchat</c>.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class FirstRunTests : IDisposable
{
    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void Is_asked_a_name_once_and_is_on_the_screen()
    {
        var name = _homes.Name("花子");
        using (var first = TerminalSession.Start(_homes.Of("alice"), 80, 24))
        {
            first.WaitFor("Your name");
            first.IsFullScreen.ShouldBeFalse();
            first.Enter("no name!");
            first.WaitFor("A name consists of");
            first.Enter(name);
            first.WaitFor(name + "~");
            first.WaitFor("/room NAME");
            first.IsFullScreen.ShouldBeTrue();
            first.Enter("/lang ja");
            first.WaitFor("日本語");
            first.Enter("/quit");
            first.WaitForExit().ShouldBe(0);
        }

        using var second = TerminalSession.Start(_homes.Of("alice"), 80, 24);
        second.WaitFor(name + "~");
        second.WaitFor("このネットワークの人とチャット");
        second.Enter("/quit");
        second.WaitForExit().ShouldBe(0);
    }

    [Fact]
    public void Is_asked_a_name_too_where_only_a_new_profile_is_given()
    {
        var name = _homes.Name("hanako");
        var profile = Path.Combine(_homes.Of("alice"), "elsewhere");
        using (var first = TerminalSession.Start(_homes.Of("alice"), 80, 24, "--profile", profile))
        {
            first.WaitFor("Your name");
            first.Enter(name);
            first.WaitFor(name + "~");
            first.Enter("/quit");
            first.WaitForExit().ShouldBe(0);
        }

        using var second = TerminalSession.Start(_homes.Of("alice"), 80, 24, "--profile", profile);
        second.WaitFor(name + "~");
        second.Enter("/quit");
        second.WaitForExit().ShouldBe(0);
    }

    [Fact]
    public void Control_C_at_the_question_ends_without_a_profile()
    {
        using var first = TerminalSession.Start(_homes.Of("alice"), 80, 24);
        first.WaitFor("Your name");
        first.Type("\x03");
        first.WaitForExit().ShouldBe(130);
        var (code, _, errors) = PeerChatProgram.Run(_homes.Of("alice"), "id");
        code.ShouldBe(2);
        errors.ShouldContain("Say who you are");
    }
}
