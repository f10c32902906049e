namespace PeerChat.Node;

/// <summary>Whether one's name is announced on the local network. On loopback alone it always is: nobody else hears it.</summary>
public enum AnnouncePolicy
{
    /// <summary>As the configuration says; not at all where it says nothing.</summary>
    AsConfigured,

    /// <summary>As the configuration says; where it says nothing, the user is asked once.</summary>
    Ask,

    /// <summary>Always: who listens wants to be found.</summary>
    Always,
}
