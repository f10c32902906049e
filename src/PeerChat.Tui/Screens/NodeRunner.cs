using System.Runtime.ExceptionServices;
using System.Text;
using PeerChat.Node;
using PeerChat.Pictures;
using PeerChat.Terminal.Host;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Model;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Screens;

/// <summary>Starts the node beside the screen, brings it the screen's commands and the screen its events.</summary>
/// <param name="options">What the node is started with.</param>
/// <param name="ownership">Whether this process may run the node.</param>
/// <param name="joins">What it is to join at first.</param>
/// <param name="post">Takes what happens, from any thread.</param>
internal sealed class NodeRunner(
    NodeOptions options,
    Ownership ownership,
    IReadOnlyList<NodeCommand> joins,
    Action<AppMessage> post
)
{
    private const int ReadBytes = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly List<NodeCommand> _early = [.. joins];
    private NodeFace? _node;
    private Task _running = Task.CompletedTask;
    private ExceptionDispatchInfo? _fault;
    private int _queued;

    /// <summary>Starts the node on another thread.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Asks the node for something, or keeps it until there is a node.</summary>
    public void Post(NodeCommand command)
    {
        lock (_gate)
        {
            if (_node is null)
            {
                _early.Add(command);
            }
            else
            {
                _node.Post(command);
            }
        }
    }

    /// <summary>Lets the node know something that nobody misses where it does not run yet.</summary>
    public void Tell(NodeCommand command)
    {
        lock (_gate)
        {
            _node?.Post(command);
        }
    }

    /// <summary>Asks the node something; the answer comes to the screen.</summary>
    public void Ask(NodeCommand command) => _ = Task.Run(() => AskAsync(command));

    /// <summary>Reads a picture and makes it small, on another thread.</summary>
    public void LoadPicture(AppEffect.LoadPicture wanted) => _ = Task.Run(() => LoadPictureAsync(wanted));

    /// <summary>Writes a chat into a file, on another thread.</summary>
    public void Export(AppEffect.ExportChat wanted) =>
        Carry(wanted.Chat, (node, told) => ChatCarrying.ExportAsync(node, wanted.Chat, wanted.Path, told));

    /// <summary>Takes an export into a chat, on another thread.</summary>
    public void Import(AppEffect.ImportChat wanted) =>
        Carry(wanted.Chat, (node, told) => ChatCarrying.ImportAsync(node, wanted.Chat, wanted.Path, told));

    /// <summary>Starts a process that runs the node from now on; that it does is an event of the node.</summary>
    public void HandOver() => _ = Task.Run(HandOverAsync);

    /// <summary>Ends the node and waits until it has said goodbye.</summary>
    /// <param name="queued">Own messages that nobody else had when the screen closed.</param>
    /// <returns>As many as there are after the last of them went out.</returns>
    public async Task<int> StopAsync(int queued)
    {
        _queued = queued;
        // A node that is still being started ends as soon as it runs
        Post(new NodeCommand.StopNode());
        await _running;
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        return _queued;
    }

    /// <summary>Throws what kept the node from starting or broke its way to the screen.</summary>
    public void ThrowIfFailed() => _fault?.Throw();

    private async Task AskAsync(NodeCommand command)
    {
        NodeFace? node;
        lock (_gate)
        {
            node = _node;
        }

        try
        {
            if (node is not null)
            {
                post(new AppMessage.Answered(command, await node.AskAsync(command)));
            }
        }
        catch (NodeGoneException gone)
        {
            post(new AppMessage.Answered(command, new NodeReply.Refused(RefusalCode.Stopping, gone.Message)));
        }
    }

    private void Carry(string chat, Func<NodeFace, Action<string>, Task<(string, bool)>> carry)
    {
        NodeFace? node;
        lock (_gate)
        {
            node = _node;
        }

        if (node is not null)
        {
            _ = Task.Run(async () =>
            {
                var (sentence, isFailure) = await carry(
                    node,
                    progress => post(new AppMessage.Carried(chat, progress, IsOver: false))
                );
                post(new AppMessage.Carried(chat, sentence, IsOver: true, isFailure));
            });
        }
    }

    private async Task LoadPictureAsync(AppEffect.LoadPicture wanted)
    {
        NodeFace? node;
        lock (_gate)
        {
            node = _node;
        }

        using var bytes = new MemoryStream();
        try
        {
            while (
                node is not null
                && bytes.Length <= AppEffect.MaxPictureBytes
                && await node.AskAsync(
                    new NodeCommand.ReadFile(wanted.Chat, wanted.File, bytes.Length, ReadBytes)
                )
                    is NodeReply.FileBytes read
            )
            {
                bytes.Write(Convert.FromBase64String(read.Base64));
                if (read.IsLast)
                {
                    var isPicture = PictureDecoder.TryDecode(
                        bytes.GetBuffer().AsMemory(0, (int)bytes.Length),
                        wanted.Room.Width,
                        wanted.Room.Height,
                        out var picture,
                        out _
                    );
                    Loaded(isPicture ? picture : null);
                    return;
                }
            }
        }
        catch (NodeGoneException)
        {
            // whoever runs the node next is asked when the history is read again
        }

        Loaded(null);

        void Loaded(Picture? picture) =>
            post(
                new AppMessage.PictureLoaded(
                    wanted.Chat,
                    wanted.File,
                    wanted.Room,
                    picture,
                    picture is null ? default : SequenceOf(picture, wanted.Room.Graphics.Kind)
                )
            );
    }

    private static ReadOnlyMemory<byte> SequenceOf(Picture picture, GraphicsKind kind) =>
        kind switch
        {
            GraphicsKind.Kitty => Encoding.ASCII.GetBytes(PictureText.KittyOver(picture)),
            GraphicsKind.Sixel => Encoding.ASCII.GetBytes(PictureText.SixelAtCursor(picture)),
            _ => default,
        };

    private async Task HandOverAsync()
    {
        string sentence;
        try
        {
            using var started = BackgroundNode.Start(options);
            sentence = await started.FailureAsync(BackgroundNode.StartPatience);
        }
        catch (NodeStartException failed)
        {
            sentence = failed.Message;
        }

        post(new AppMessage.NotHandedOver(sentence));
    }

    private async Task RunAsync()
    {
        try
        {
            var node = await NodeFace.OpenAsync(
                options,
                new FaceOptions("screen", ownership, SeesAhead: true)
            );
            lock (_gate)
            {
                _node = node;
                foreach (var command in _early)
                {
                    node.Post(command);
                }
            }

            var queued = new Dictionary<string, int>(StringComparer.Ordinal);
            await foreach (var happened in node.Events.ReadAllAsync())
            {
                Count(happened, queued);
                post(new AppMessage.Node(happened));
            }
        }
#pragma warning disable CA1031 // whatever it is, the terminal must be given back before anybody says it
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _fault = ExceptionDispatchInfo.Capture(fault);
            post(new AppMessage.Failed());
        }
    }

    private void Count(NodeEvent happened, Dictionary<string, int> queued)
    {
        switch (happened)
        {
            case NodeEvent.ChatChanged changed:
                queued[changed.Chat.Chat] = changed.Chat.Queued;
                break;
            case NodeEvent.ChatReplaced replaced:
                queued.Remove(replaced.OldChat);
                queued[replaced.Chat.Chat] = replaced.Chat.Queued;
                break;
            case NodeEvent.ChatRemoved removed:
                queued.Remove(removed.Chat);
                break;
            default:
                return;
        }

        _queued = queued.Values.Sum();
    }
}
