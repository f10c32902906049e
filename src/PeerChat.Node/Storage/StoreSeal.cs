using System.Text;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;

namespace PeerChat.Node.Storage;

/// <summary>Seals what lies in the database under the store key, and makes searchable keys for what is sealed.</summary>
/// <remarks>A value is bound to its table and row: moved elsewhere in the file it does not open.</remarks>
internal sealed class StoreSeal(IEntropy entropy, ReadOnlySpan<byte> storeKey, string path)
{
    private readonly byte[] _sealKey = Digest.Sub(storeKey, "store seal");
    private readonly byte[] _indexKey = Digest.Sub(storeKey, "store index");

    /// <summary>What a database says about the store key it was written under.</summary>
    public byte[] KeyCheck { get; } = Digest.Sub(storeKey, "store check");

    /// <summary>Seals a value.</summary>
    /// <param name="place">Table and column.</param>
    /// <param name="row">The row's key.</param>
    /// <param name="value">What to hide.</param>
    public byte[] Seal(string place, ReadOnlySpan<byte> row, ReadOnlySpan<byte> value) =>
        Sealing.Seal(entropy, _sealKey, "store", Context(place, row), [], value);

    /// <summary>Opens what <see cref="Seal"/> made for the same place and row.</summary>
    /// <exception cref="StorageException">It was made for another place, or is damaged.</exception>
    public byte[] Open(string place, ReadOnlySpan<byte> row, ReadOnlySpan<byte> sealedValue) =>
        Sealing.Open(_sealKey, "store", Context(place, row), [], sealedValue)
        ?? throw SqliteProblem.Damaged(path);

    /// <summary>A 32-byte key to find a row by a text that only stands sealed in it.</summary>
    public byte[] Index(string place, string text) => Index(place, Encoding.UTF8.GetBytes(text));

    /// <summary>The same for bytes.</summary>
    public byte[] Index(string place, ReadOnlyMemory<byte> value) =>
        Digest.Mac(_indexKey, "index", Context(place, []), value);

    // Places are ASCII words of the program without a zero, so that place and row cannot run into each other.
    private static byte[] Context(string place, ReadOnlySpan<byte> row) =>
        [.. Encoding.ASCII.GetBytes(place), 0, .. row];
}
