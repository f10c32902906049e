using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Epochs;

namespace PeerChat.Rooms.Log;

/// <summary>The control bytes of a wrap: previous control entry, epoch id, generation, then the wrap itself (crypto.md section 5).</summary>
/// <param name="PreviousControl">The author's control entry before.</param>
/// <param name="Epoch">Which epoch's secret it holds.</param>
/// <param name="Generation">At which generation.</param>
/// <param name="Wrap">For whom, and the sealed secret.</param>
internal sealed record WrapControl(EntryId PreviousControl, Bytes32 Epoch, uint Generation, SecretWrap Wrap)
{
    private const int Size = (2 * Bytes32.Size) + sizeof(uint) + SecretWrap.Size;

    /// <summary>Reads the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, [NotNullWhen(true)] out WrapControl? wrap)
    {
        wrap = null;
        if (source.Length != Size)
        {
            return false;
        }

        var reader = new SpanReader(source);
        _ = reader.TryReadBytes(Bytes32.Size, out var previous);
        _ = reader.TryReadBytes(Bytes32.Size, out var epoch);
        _ = reader.TryReadUInt32(out var generation);
        if (!SecretWrap.TryParse(reader.Rest, out var secret))
        {
            return false;
        }

        wrap = new WrapControl(new EntryId(new Bytes32(previous)), new Bytes32(epoch), generation, secret);
        return true;
    }

    /// <summary>Writes the bytes.</summary>
    public byte[] Write()
    {
        var bytes = new byte[Size];
        var writer = new SpanWriter(bytes);
        PreviousControl.Value.CopyTo(writer.Advance(Bytes32.Size));
        Epoch.CopyTo(writer.Advance(Bytes32.Size));
        writer.WriteUInt32(Generation);
        Wrap.Write(writer.Advance(SecretWrap.Size));
        return bytes;
    }
}
