namespace PeerChat.Tui.Model;

/// <summary>A line of the help: a command, a key or a mark with what it does, or a heading.</summary>
/// <param name="Term">What is explained; empty for a heading.</param>
/// <param name="Text">What it does, or the heading.</param>
internal sealed record HelpLine(string Term, string Text)
{
    /// <summary>Whether it is the heading of what follows.</summary>
    public bool IsHeading => Term.Length == 0;

    /// <summary>A heading.</summary>
    public static HelpLine Heading(string text) => new("", text);
}
