using PeerChat.Primitives;

namespace PeerChat.Rooms.Log;

/// <summary>The control bytes of a policy: previous control entry, mode, value (crypto.md section 3).</summary>
/// <param name="PreviousControl">The author's control entry before.</param>
/// <param name="Policy">What newcomers may read from now on.</param>
internal readonly record struct PolicyControl(EntryId PreviousControl, HistoryPolicy Policy)
{
    /// <summary>Reads the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out PolicyControl control)
    {
        control = default;
        if (
            source.Length != Bytes32.Size + HistoryPolicy.Size
            || !HistoryPolicy.TryParse(source[Bytes32.Size..], out var policy)
        )
        {
            return false;
        }

        control = new PolicyControl(new EntryId(new Bytes32(source[..Bytes32.Size])), policy);
        return true;
    }

    /// <summary>Writes the bytes.</summary>
    public byte[] Write() => [.. PreviousControl.Value.ToArray(), .. Policy.Write()];
}
