using System.CommandLine;
using PeerChat.Node;

namespace PeerChat.Tui.Commands;

/// <summary>The command line: which commands there are, and how failures become one sentence and an exit code.</summary>
internal static class PeerChatCommandLine
{
    /// <summary>Runs the program.</summary>
    /// <returns>The exit code, as <see cref="ExitCode"/> lists them.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Build().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            Say(parsed.Errors[0].Message.TrimEnd('.') + ". 'peerchat --help' lists what there is.");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false }
            );
        }
        catch (UsageException wrong)
        {
            Say(wrong.Message);
            return ExitCode.Usage;
        }
        catch (NodeStartException failed)
        {
            Say(failed.Message);
            return failed.Failure == NodeStartFailure.Usage ? ExitCode.Usage : ExitCode.Storage;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException closed)
            when (closed.HResult is 32 || closed.Message.Contains("Broken pipe", StringComparison.Ordinal))
        {
            return ExitCode.Done; // whoever read our output has seen enough
        }
    }

    /// <summary>One sentence on standard error.</summary>
    public static void Say(string sentence) =>
        Console.Error.WriteLine("peerchat: " + Output.PlainText.Clean(sentence));

    private static RootCommand Build()
    {
        var common = new CommonOptions();
        var root = new RootCommand(
            "Chat without a server: peer to peer, end-to-end encrypted, in the terminal.\n"
                + "peerchat --user alice --join bob opens a chat with bob; --room dev opens a room."
        );
        RunCommand.Configure(root, common);
        root.Subcommands.Add(SendCommand.Create(common));
        root.Subcommands.Add(ListenCommand.Create(common));
        root.Subcommands.Add(HistoryCommand.Create(common));
        root.Subcommands.Add(IdCommand.Create(common));
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(DemoCommand.CreatePeer(common));
        return root;
    }
}
