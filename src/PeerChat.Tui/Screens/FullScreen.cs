using PeerChat.Node;
using PeerChat.Terminal.Host;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Model;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Screens;

/// <summary>The chat on the full screen.</summary>
internal static class FullScreen
{
    /// <summary>Why the full screen cannot be used, as a sentence for the user; null when it can.</summary>
    public static string? WhyNot()
    {
        if (!TerminalHost.TryOpen(Detect(), out var terminal, out var reason))
        {
            return Texts.WhyNot(reason);
        }

        terminal.Dispose();
        return null;
    }

    /// <summary>Runs until the user quits, the terminal goes or the node stops.</summary>
    /// <exception cref="NodeStartException">The node could not start; the terminal is as it was before.</exception>
    public static async Task<int> RunAsync(
        NodeOptions options,
        Ownership ownership,
        IReadOnlyList<NodeCommand> joins,
        ScreenLook look,
        CancellationToken cancellation
    )
    {
        var environment = Detect();
        if (!TerminalHost.TryOpen(environment, out var terminal, out var reason))
        {
            throw new UsageException(Texts.WhyNot(reason));
        }

        // A terminal that goes says so more than once (to the session's leader and to the job); what comes after the screen has given the
        // terminal back must not cut the node off, which is writing the draft
        using var hangUp = new HangUp(cancellation);
        NodeRunner? node = null;
        AppState last;
        using (terminal)
        {
            using var screen = new RunningScreen(terminal, environment);
            node = new NodeRunner(
                options with
                {
                    Announce = AnnouncePolicy.Ask,
                    // Standard error would be written across the screen
                    OnDifference = sentence =>
                        screen.Post(
                            new AppMessage.Node(new NodeEvent.Notice(null, NoticeCode.Information, sentence))
                        ),
                },
                ownership,
                joins,
                screen.Post
            );
            var first = AppState.Initial(
                terminal.Size,
                TimeZoneInfo.Local,
                joins.Count > 0 ? ChatTarget.Of(joins[0]) : null,
                look
            );
            // On a thread of its own: whoever called must be able to wait for the end with a limit of its own
            last = await Task.Factory.StartNew(
                () => screen.Run(first, node, cancellation),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
        }

        var queued = await node.StopAsync(last.Queued);
        node.ThrowIfFailed();
        Report(last, queued);
        return last.ExitCode ?? ExitCode.Done;
    }

    private static void Report(AppState last, int queued)
    {
        if (last.IsTerminalGone)
        {
            return;
        }

        if (last.Failure is { } failure)
        {
            PeerChatCommandLine.Say(failure);
            SayDrafts(last);
            return;
        }

        Console.Out.WriteLine(last.IsOwner ? Texts.Goodbye(queued) : Texts.Left(last.Owner!.ProcessId));
    }

    // The node could not keep them any more: what somebody wrote is not lost with it
    private static void SayDrafts(AppState last)
    {
        foreach (var pane in last.Panes)
        {
            var draft = pane.Composing?.Draft ?? pane.Editor.Text;
            if (draft.Length > 0)
            {
                Console.Out.WriteLine(Texts.UnsentDraft(pane.Chat?.Title));
                Console.Out.WriteLine(PlainText.Clean(draft));
            }
        }
    }

    private static TerminalEnvironment Detect() =>
        TerminalEnvironment.Detect(Environment.GetEnvironmentVariable);
}
