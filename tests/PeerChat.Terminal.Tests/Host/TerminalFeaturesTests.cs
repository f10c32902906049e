using PeerChat.Terminal.Host;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Host;

public sealed class TerminalFeaturesTests
{
    [Theory]
    [InlineData("kitty(0.36.4)", true, NotificationForm.Kitty)]
    [InlineData("VTE(6800)", true, NotificationForm.None)]
    [InlineData("VTE(4600)", false, NotificationForm.None)]
    [InlineData("tmux 3.3a", false, NotificationForm.None)]
    [InlineData("tmux 3.4", true, NotificationForm.None)]
    [InlineData("foot(1.20.2)", true, NotificationForm.Urxvt)]
    [InlineData("iTerm2 3.5.0", true, NotificationForm.ITerm)]
    [InlineData("WezTerm 20240203", true, NotificationForm.Urxvt)]
    [InlineData("XTerm(390)", false, NotificationForm.None)]
    [InlineData("", false, NotificationForm.None)]
    public void A_terminal_is_known_by_the_name_it_tells(string name, bool links, NotificationForm form) =>
        TerminalFeatures.OfName(name).ShouldBe(new TerminalFeatures(links, form));

    [Theory]
    [InlineData("TERM=xterm-256color VTE_VERSION=6800", true)]
    [InlineData("TERM=xterm-256color TERM_PROGRAM=iTerm.app", true)]
    [InlineData("TERM=foot", true)]
    [InlineData("TERM=xterm-256color", false)]
    [InlineData("TERM=linux VTE_VERSION=6800", false)]
    [InlineData("TERM=screen-256color VTE_VERSION=6800", false)]
    [InlineData("TERM=xterm-256color TMUX=/tmp/x KITTY_WINDOW_ID=1", false)]
    [InlineData("TERM=tmux-256color TMUX=/tmp/x TERM_PROGRAM=tmux TERM_PROGRAM_VERSION=3.4", true)]
    [InlineData("TERM=tmux-256color TMUX=/tmp/x TERM_PROGRAM=tmux TERM_PROGRAM_VERSION=3.3a", false)]
    public void What_the_environment_says_of_another_terminal_counts_for_nothing(
        string environment,
        bool links
    ) => TerminalFeatures.Of(Variables(environment)).Hyperlinks.ShouldBe(links);

    [Theory]
    [InlineData("LANG=C", false)]
    [InlineData("LANG=en_US.UTF-8", true)]
    [InlineData("LANG=de_DE.utf8", true)]
    [InlineData("LANG=en_US.UTF-8 LC_ALL=C", false)]
    [InlineData("LANG=C LC_CTYPE=C.UTF-8", true)]
    [InlineData("LANG=de_DE.ISO-8859-1", false)]
    [InlineData("TERM=xterm", true)]
    public void The_locale_tells_whether_to_ask_for_the_width(string environment, bool isUtf8) =>
        TerminalEnvironment.Detect(Variables(environment)).IsUtf8.ShouldBe(isUtf8);

    private static Func<string, string?> Variables(string environment)
    {
        var pairs = environment.Split(' ').Select(pair => pair.Split('=')).ToDictionary(p => p[0], p => p[1]);
        return name => pairs.GetValueOrDefault(name);
    }
}
