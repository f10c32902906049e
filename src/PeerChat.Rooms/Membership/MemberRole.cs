namespace PeerChat.Rooms;

/// <summary>What a member of a private room may do (crypto.md section 3); the numbers are on the wire.</summary>
public enum MemberRole
{
    /// <summary>Reads and writes.</summary>
    Member = 0,

    /// <summary>Admits members and other inviters as well.</summary>
    Inviter = 1,

    /// <summary>Gives any role, removes juniors and sets the policy as well.</summary>
    Admin = 2,
}
