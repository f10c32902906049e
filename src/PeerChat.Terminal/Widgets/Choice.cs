namespace PeerChat.Terminal.Widgets;

/// <summary>An answer to a question.</summary>
/// <param name="Key">The letter that gives it.</param>
/// <param name="Label">What it means, in words.</param>
public readonly record struct Choice(char Key, string Label);
