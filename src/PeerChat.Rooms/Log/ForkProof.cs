using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using Wire = PeerChat.Rooms.Sync.Wire;

namespace PeerChat.Rooms.Log;

/// <summary>Two ids at one seq of an author, each under a signature or a chain to one (crypto.md section 3).</summary>
/// <param name="Author">Whose log forks.</param>
/// <param name="Seq">Where.</param>
/// <param name="Body">Both chains.</param>
internal sealed record ForkProof(AuthorId Author, ulong Seq, Wire.ForkProof Body)
{
    /// <summary>Makes a proof of two chains, each ending at its signed entry.</summary>
    public static ForkProof Create(
        AuthorId author,
        ulong seq,
        IEnumerable<ReadOnlyMemory<byte>> first,
        ReadOnlySpan<byte> firstSignature,
        IEnumerable<ReadOnlyMemory<byte>> second,
        ReadOnlySpan<byte> secondSignature
    )
    {
        var body = new Wire.ForkProof
        {
            Author = ByteString.CopyFrom(author.Value.ToArray()),
            Seq = seq,
            First = ChainOf(first, firstSignature),
            Second = ChainOf(second, secondSignature),
        };
        return new ForkProof(author, seq, body);
    }

    /// <summary>Reads a proof without believing it; see <see cref="Verify"/>.</summary>
    public static bool TryParse(Wire.ForkProof body, [NotNullWhen(true)] out ForkProof? proof)
    {
        proof =
            body.Author.Length == Bytes32.Size && body.First is not null && body.Second is not null
                ? new ForkProof(new AuthorId(new Bytes32(body.Author.Span)), body.Seq, body)
                : null;
        return proof is not null;
    }

    /// <summary>Whether both chains hold under the author's key and name different ids at the seq.</summary>
    public bool Verify(RoomId room, ReadOnlySpan<byte> key) =>
        Seq is > 0 and < ulong.MaxValue
        && IdAt(Body.First, room, key) is { } first
        && IdAt(Body.Second, room, key) is { } second
        && first != second;

    private static Wire.Chain ChainOf(IEnumerable<ReadOnlyMemory<byte>> headers, ReadOnlySpan<byte> signature)
    {
        var chain = new Wire.Chain { Signature = ByteString.CopyFrom(signature) };
        chain.Headers.AddRange(headers.Select(h => ByteString.CopyFrom(h.Span)));
        return chain;
    }

    private EntryId? IdAt(Wire.Chain chain, RoomId room, ReadOnlySpan<byte> key)
    {
        if (chain.Headers.Count is 0 or > ReceivedRange.MaxEntries)
        {
            return null;
        }

        EntryId? found = null;
        EntryHeader? last = null;
        foreach (var bytes in chain.Headers)
        {
            if (
                !EntryHeader.TryParse(bytes.Span, out var header)
                || header.OwnRoom != room
                || header.Author != Author
                || (last is not null && !ReceivedRange.Follows(header, last))
            )
            {
                return null;
            }

            if (header.Seq == Seq)
            {
                found = header.Id;
            }
            else if (last is null && header.Seq == Seq + 1)
            {
                found = header.Previous;
            }

            last = header;
        }

        return AuthorKey.VerifyEntry(key, last!.Id, chain.Signature.Span) ? found : null;
    }
}
