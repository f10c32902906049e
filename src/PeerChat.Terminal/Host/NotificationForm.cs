namespace PeerChat.Terminal.Host;

/// <summary>The sequence by which a terminal shows a message of the desktop.</summary>
public enum NotificationForm
{
    /// <summary>It has none, or none is known.</summary>
    None,

    /// <summary>OSC 9: the text alone.</summary>
    ITerm,

    /// <summary>OSC 777: title and text.</summary>
    Urxvt,

    /// <summary>OSC 99: title and text, by an identifier, so that a new one takes the place of the last.</summary>
    Kitty,
}
