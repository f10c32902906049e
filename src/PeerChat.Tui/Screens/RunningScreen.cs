using PeerChat.Node;
using PeerChat.Terminal.Host;
using PeerChat.Terminal.Input;
using PeerChat.Terminal.Output;
using PeerChat.Terminal.Program;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Commands.Options;
using PeerChat.Tui.Model;

namespace PeerChat.Tui.Screens;

#pragma warning disable RS0030 // the host wires the real clock and the one timer

/// <summary>The loop that shows the screen, and what does its effects.</summary>
internal sealed class RunningScreen : IDisposable
{
    private readonly ITerminal _terminal;
    private readonly FrameLoop<AppState, AppMessage, AppEffect> _loop;
    private readonly Timer _pause;
    private readonly ReadReports _read;
    private NodeRunner? _node;

    /// <summary>Prepares the loop on a terminal.</summary>
    public RunningScreen(ITerminal terminal, TerminalEnvironment environment)
    {
        _terminal = terminal;
        _loop = new(terminal, new ScreenProgram(), Execute, TimeProvider.System, environment);
        _pause = new Timer(_ => _loop.Post(new AppMessage.Tick()));
        _read = new ReadReports(TimeProvider.System, read => _node!.Tell(read));
    }

    /// <summary>Brings a message to the screen, from any thread.</summary>
    public void Post(AppMessage message) => _loop.Post(message);

    /// <summary>Runs until the screen is over.</summary>
    public AppState Run(AppState state, NodeRunner node, CancellationToken cancellation)
    {
        _node = node;
        // The loop draws before it takes its first message
        _loop.Post(new AppMessage.Shown());
        using var cancelled = cancellation.Register(() => _loop.Post(new AppMessage.Cancelled()));
        var last = _loop.Run(state);
        _read.Tell();
        return last;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pause.Dispose();
        _read.Dispose();
    }

    private void Copy(string text)
    {
        if (ControlSequences.TryCopy(text, out var bytes))
        {
            _terminal.Write(bytes);
        }
        else
        {
            Post(new AppMessage.Edited(null, Texts.CopyTooLong));
        }
    }

    private void Remember(AppEffect.Remember setting)
    {
        if (UserConfiguration.Write(setting.Key, setting.Value) is { } problem)
        {
            Post(new AppMessage.Node(new NodeEvent.Notice(null, NoticeCode.StorageTrouble, problem)));
        }
    }

    private void Execute(AppEffect effect)
    {
        switch (effect)
        {
            case AppEffect.Start:
                _node!.Start();
                break;
            case AppEffect.Post post:
                _node!.Post(post.Command);
                break;
            case AppEffect.Tell { Command: NodeCommand.MarkRead read }:
                _read.Note(read);
                break;
            case AppEffect.Tell tell:
                _node!.Tell(tell.Command);
                break;
            case AppEffect.Ask ask:
                _node!.Ask(ask.Command);
                break;
            case AppEffect.FindPaths find:
                _ = Task.Run(() =>
                    Post(new AppMessage.PathsFound(find.Typed, PathNames.StartingWith(find.Typed)))
                );
                break;
            case AppEffect.LoadPicture picture:
                _node!.LoadPicture(picture);
                break;
            case AppEffect.AskForGraphics:
                _loop.AskForGraphics();
                break;
            case AppEffect.ExportChat export:
                _node!.Export(export);
                break;
            case AppEffect.ImportChat import:
                _node!.Import(import);
                break;
            case AppEffect.HandOver:
                _node!.HandOver();
                break;
            case AppEffect.Wake wake:
                _pause.Change(wake.After, Timeout.InfiniteTimeSpan);
                break;
            case AppEffect.Remember remember:
                _ = Task.Run(() => Remember(remember));
                break;
            case AppEffect.Copy copy:
                Copy(copy.Text);
                break;
            case AppEffect.OpenLink link:
                if (!LinkOpener.TryOpen(link.Link))
                {
                    Copy(link.Link); // over SSH the terminal is the only way to the user's desktop
                }

                break;
            case AppEffect.Edit edit:
                _terminal.Release();
                var (text, problem) = DraftFile.Edit(edit.Text);
                _terminal.Reclaim();
                _loop.Post(new AppMessage.Edited(text, problem));
                break;
            case AppEffect.Bell:
                _terminal.Write(ControlSequences.Bell);
                break;
            case AppEffect.Notify notify:
                _terminal.Write(
                    ControlSequences.Notification(_loop.Features.Notification, Texts.Program, notify.Text)
                );
                break;
            case AppEffect.Redraw:
                _loop.OnEvent(new InputEvent.Resumed());
                break;
            case AppEffect.Suspend:
                if (!_terminal.Suspend())
                {
                    _loop.Post(new AppMessage.NotSuspended());
                }

                break;
            default:
                throw new InvalidOperationException($"Nobody does {effect.GetType().Name}.");
        }
    }
}
