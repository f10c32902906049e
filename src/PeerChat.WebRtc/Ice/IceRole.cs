using PeerChat.Primitives;
using PeerChat.WebRtc.Stun;

namespace PeerChat.WebRtc.Ice;

/// <summary>Which agent nominates, and how two that both claim or both decline it settle that (RFC 8445 sections 6.1.1 and 7.3.1.1).</summary>
internal sealed class IceRole(bool isControlling, IEntropy entropy)
{
    /// <summary>Whether this agent nominates.</summary>
    public bool IsControlling { get; private set; } = isControlling;

    /// <summary>The number that decides a conflict: the larger one controls.</summary>
    public ulong TieBreaker { get; private set; } = entropy.NextUInt64();

    /// <summary>What a received check means for the role.</summary>
    public IceRoleVerdict Judge(in StunMessage request)
    {
        var (isConflict, theirs) = IsControlling
            ? (request.IceControlling is not null, request.IceControlling.GetValueOrDefault())
            : (request.IceControlled is not null, request.IceControlled.GetValueOrDefault());
        if (!isConflict)
        {
            return IceRoleVerdict.NoConflict;
        }

        var shouldControl = TieBreaker >= theirs;
        return shouldControl == IsControlling ? IceRoleVerdict.PeerYields : IceRoleVerdict.WeYield;
    }

    /// <summary>Takes the other role.</summary>
    public void Switch() => IsControlling = !IsControlling;

    /// <summary>Takes the other role because the peer insists, with a new number for the next time (RFC 8445 section 7.2.5.1).</summary>
    public void Yield()
    {
        Switch();
        TieBreaker = entropy.NextUInt64();
    }
}
