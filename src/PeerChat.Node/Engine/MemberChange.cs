namespace PeerChat.Node.Engine;

/// <summary>What an admin does with a member.</summary>
internal enum MemberChange
{
    /// <summary>Takes it out.</summary>
    Remove,

    /// <summary>Makes it an admin.</summary>
    Promote,

    /// <summary>Takes its role away.</summary>
    Demote,
}
