using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Log;

namespace PeerChat.Rooms.Files.Transfer;

/// <summary>Gives blocks of one file to one peer over one channel.</summary>
/// <remarks>
/// The peer opens, is told how much is here, and wants blocks, which come in its order. At most 64 wants wait. What goes out next is read ahead, one
/// great block or as many small ones as make a megabyte, so that the disk is asked seldom and memory is bounded by three great blocks. Bytes and
/// answers of the disk in, frames and events out.
/// </remarks>
public sealed class FileServe
{
    /// <summary>Questions for what lies below a node that wait for an answer: as many as a peer asks at once.</summary>
    public const int MaxAsks = 64;

    /// <summary>Bytes of blocks that are read at once: a great block, or small ones enough that nobody waits for the disk between them.</summary>
    public const int ReadAhead = 1024 * 1024;

    private readonly Queue<byte[]> _frames = new();
    private readonly Queue<ServeEvent> _events = new();
    private readonly List<Bytes32> _wants = [];
    private readonly Queue<(Bytes32 Address, ReadOnlyMemory<byte> Bytes)> _ready = new();
    private byte[]? _scratch;
    private int _offset;
    private int _asks;
    private int _reading; // the first of the wants that are being read
    private readonly HashSet<Bytes32> _cancelled = []; // of those
    private long _readyBytes;
    private FileStock? _told;

    /// <summary>The file that the peer asked about; null before it did.</summary>
    public (RoomId Room, EntryId Entry)? Asked { get; private set; }

    /// <summary>How much of the file the peer has, as it says.</summary>
    public FileStock PeerStock { get; private set; }

    /// <summary>Whether the peer broke the protocol; the channel is to be closed.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Bytes of blocks that were given.</summary>
    public long Given { get; private set; }

    /// <summary>Whether the next thing to send is a piece of a block, which waits its turn behind other traffic.</summary>
    public bool HasPiece => _frames.Count == 0 && _ready.Count > 0;

    /// <summary>Takes a frame of the peer.</summary>
    public void HandleFrame(ReadOnlyMemory<byte> bytes)
    {
        if (IsBroken)
        {
            return;
        }

        if (!FileFrame.TryParse(bytes, out var frame) || (Asked is null) != (frame is FileFrame.Open))
        {
            IsBroken = true;
            return;
        }

        switch (frame)
        {
            case FileFrame.Open open:
                Asked = (open.Room, open.Entry);
                _events.Enqueue(new ServeEvent.Opened(open.Room, open.Entry));
                break;
            case FileFrame.Status status:
                PeerStock = status.Stock;
                _events.Enqueue(new ServeEvent.PeerHas(status.Stock));
                break;
            case FileFrame.Ask ask when ++_asks <= MaxAsks:
                _events.Enqueue(new ServeEvent.Ask(ask.Node, ask.Cid));
                break;
            case FileFrame.Want want when _wants.Count + want.Addresses.Count <= FileFrame.MaxAddresses:
                _wants.AddRange(want.Addresses);
                ReadNext();
                break;
            case FileFrame.Cancel cancel:
                // What is being read or goes out already is finished: half a block is of no use
                CancelWants(cancel.Addresses);
                break;
            default:
                IsBroken = true;
                break;
        }
    }

    /// <summary>How much is here now; told to the peer where it changed, once it has asked.</summary>
    public void SetStock(FileStock stock)
    {
        if (Asked is not null && _told != stock)
        {
            _told = stock;
            _frames.Enqueue(new FileFrame.Status(stock).Write());
        }
    }

    /// <summary>Answers <see cref="ServeEvent.Ask"/>; null where the node is not here.</summary>
    public void HandleAnswer(Bytes32 node, byte[]? bits)
    {
        _asks--;
        _frames.Enqueue(
            bits is { Length: > 0 }
                ? new FileFrame.Held(node, bits).Write()
                : new FileFrame.Missing([node]).Write()
        );
    }

    /// <summary>Answers <see cref="ServeEvent.Read"/>.</summary>
    /// <param name="blocks">
    /// The first of the blocks that were to be read, at least one: each with its bytes, which are owned from now on, or null where it is not here.
    /// </param>
    public void HandleRead(IReadOnlyList<(Bytes32 Address, ReadOnlyMemory<byte>? Bytes)> blocks)
    {
        _wants.RemoveRange(0, Math.Min(_reading, blocks.Count));
        _wants.RemoveAll(_cancelled.Contains);
        _cancelled.Clear();
        _reading = 0;
        foreach (var (address, sealedBlock) in blocks)
        {
            if (sealedBlock is { Length: > 0 } bytes)
            {
                _ready.Enqueue((address, bytes));
                _readyBytes += bytes.Length;
            }
            else
            {
                _frames.Enqueue(new FileFrame.Missing([address]).Write());
            }
        }

        ReadNext();
    }

    /// <summary>Takes the next frame to send: answers first, then pieces. It is valid until the next call.</summary>
    public bool TryTakeFrame(out ReadOnlyMemory<byte> frame)
    {
        if (_frames.TryDequeue(out var whole))
        {
            frame = whole;
            return true;
        }

        frame = default;
        if (IsBroken || !_ready.TryPeek(out var block))
        {
            return false;
        }

        var count = Math.Min(FileFrame.MaxPiece, block.Bytes.Length - _offset);
        _scratch ??= new byte[FileFrame.PieceHead + FileFrame.MaxPiece];
        frame = new FileFrame.Piece(
            block.Address,
            block.Bytes.Length,
            _offset,
            block.Bytes.Slice(_offset, count)
        ).WriteTo(_scratch);
        _offset += count;
        _readyBytes -= count;
        Given += count;
        if (_offset == block.Bytes.Length)
        {
            _ready.Dequeue();
            _offset = 0;
            _events.Enqueue(new ServeEvent.Sent(block.Bytes));
        }

        ReadNext();
        return true;
    }

    /// <summary>The blocks that were read and never went out whole; their memory may be used again.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> TakeUnsent()
    {
        IsBroken = true;
        while (_ready.TryDequeue(out var block))
        {
            yield return block.Bytes;
        }
    }

    /// <summary>Takes the next event.</summary>
    public bool TryTakeEvent([NotNullWhen(true)] out ServeEvent? happened) =>
        _events.TryDequeue(out happened);

    // What is being read and comes back goes out all the same; what was not read by then is forgotten
    private void CancelWants(IReadOnlyList<Bytes32> addresses)
    {
        for (var index = _wants.Count - 1; index >= 0; index--)
        {
            if (!addresses.Contains(_wants[index]))
            {
                continue;
            }

            if (index < _reading)
            {
                _cancelled.Add(_wants[index]);
            }
            else
            {
                _wants.RemoveAt(index);
            }
        }
    }

    private void ReadNext()
    {
        if (_reading == 0 && _wants.Count > 0 && _readyBytes < ReadAhead)
        {
            _reading = _wants.Count;
            _events.Enqueue(new ServeEvent.Read([.. _wants]));
        }
    }
}
