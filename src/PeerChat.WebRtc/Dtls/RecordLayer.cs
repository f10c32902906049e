namespace PeerChat.WebRtc.Dtls;

/// <summary>Numbers and protects outgoing records; verifies incoming ones against keys and replays.</summary>
internal sealed class RecordLayer : IDisposable
{
    /// <summary>
    /// Blocks of 16 bytes that one key may encrypt: RFC 9147 section 4.5.3 allows 2^24.5 records, which at their largest have 2^10 blocks. So
    /// much is 389 GB. Smaller records have fewer blocks, and the strength of AES-GCM falls with the blocks.
    /// </summary>
    public const ulong MaxBlocks = 24_296_003_999;

    private readonly ulong[] _nextSequenceNumber = new ulong[2];
    private const int BlockSize = 16;
    private readonly ReplayWindow _replayWindow = new();
    private RecordProtection? _write;
    private RecordProtection? _read;
    private ulong _blocks;

    /// <summary>Whether the keys of epoch 1 are there.</summary>
    public bool HasKeys => _read is not null;

    /// <summary>The epoch in which new records other than flights are written.</summary>
    public ushort WriteEpoch { get; set; }

    /// <summary>
    /// Whether no more data may be protected: the key has encrypted what it may, or only the last number is left, which is for the farewell.
    /// </summary>
    public bool IsSpent => _blocks >= MaxBlocks || _nextSequenceNumber[1] >= RecordHeader.MaxSequenceNumber;

    /// <summary>Bytes that a record of this epoch is longer than its plaintext.</summary>
    public static int OverheadOf(ushort epoch) =>
        RecordHeader.Size + (epoch == 0 ? 0 : RecordProtection.Overhead);

    /// <summary>Takes the keys of epoch 1.</summary>
    public void InstallKeys(RecordProtection write, RecordProtection read)
    {
        _write = write;
        _read = read;
    }

    /// <summary>Writes one record; returns its length, or 0 when the epoch has no number left. Repeated messages take new ones too.</summary>
    public int Write(ContentType type, ushort epoch, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        var number = _nextSequenceNumber[epoch];
        if (number > RecordHeader.MaxSequenceNumber)
        {
            return 0; // A number must never come twice
        }

        _nextSequenceNumber[epoch] = number + 1;
        if (epoch == 1)
        {
            _blocks += (ulong)(plaintext.Length / BlockSize) + 2; // the begun one, and the one that hides the tag
            return _write!.Seal(type, epoch, number, plaintext, destination);
        }

        new RecordHeader(type, DtlsVersion.Dtls12, epoch, number, (ushort)plaintext.Length).Write(
            destination
        );
        plaintext.CopyTo(destination[RecordHeader.Size..]);
        return RecordHeader.Size + plaintext.Length;
    }

    /// <summary>Verifies and decrypts a record of epoch 1 into <paramref name="plaintext"/>.</summary>
    public RecordVerdict Open(
        in RecordHeader header,
        ReadOnlySpan<byte> body,
        Span<byte> plaintext,
        out int length
    )
    {
        length = RecordProtection.PlaintextLength(body.Length);
        if (length is < 0 or > RecordHeader.MaxPlaintext || header.Version != DtlsVersion.Dtls12)
        {
            length = 0;
            return RecordVerdict.Malformed;
        }

        if (!_replayWindow.Admits(header.SequenceNumber))
        {
            return RecordVerdict.Replayed;
        }

        if (!_read!.TryOpen(header, body, plaintext[..length]))
        {
            return RecordVerdict.Forged;
        }

        _replayWindow.Mark(header.SequenceNumber);
        return RecordVerdict.Authentic;
    }

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        _write?.Dispose();
        _read?.Dispose();
    }
}
