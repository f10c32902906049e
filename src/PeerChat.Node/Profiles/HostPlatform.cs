namespace PeerChat.Node.Profiles;

/// <summary>The families of systems that keep programs' files in different places.</summary>
internal enum HostPlatform
{
    /// <summary>Linux and everything else that follows the XDG base directories.</summary>
    Xdg,

    /// <summary>macOS.</summary>
    MacOS,

    /// <summary>Windows.</summary>
    Windows,
}
