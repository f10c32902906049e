namespace PeerChat.Terminal.Input;

/// <summary>What a terminal says about a mode (DECRPM).</summary>
public enum ModeStatus
{
    /// <summary>It does not know the mode.</summary>
    NotRecognized = 0,

    /// <summary>The mode is on.</summary>
    Set = 1,

    /// <summary>The mode is off and can be turned on.</summary>
    Reset = 2,

    /// <summary>The mode is always on.</summary>
    PermanentlySet = 3,

    /// <summary>The mode is always off.</summary>
    PermanentlyReset = 4,
}
