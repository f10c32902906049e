using PeerChat.Node;
using PeerChat.Tui.Commands.Help;
using PeerChat.Tui.Commands.Options;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Output;
using PeerChat.Tui.Screens;

namespace PeerChat.Tui.Commands;

/// <summary>The command line: reads it by the table, runs the command, and makes one sentence and an exit code of every failure.</summary>
internal static class PeerChatCommandLine
{
    /// <summary>Runs the program.</summary>
    /// <returns>The exit code, as <see cref="ExitCode"/> lists them.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        StandardOutput.Use();
        var configuration = new UserConfiguration();
        try
        {
            Words.Choose(
                LanguageChoice.Find(arguments, Environment.GetEnvironmentVariable, configuration.Find)
            );
            ScreenStart.Prepare(arguments);
            var line = CommandTree.Parse(arguments);
            switch (line.Wanted)
            {
                case Wanted.Help:
                    Console.Out.Write(HelpPage.Of(line.Row, HelpPage.WidthOf(Console.Out)));
                    return ExitCode.Done;
                case Wanted.Version:
                    Console.Out.WriteLine(ProgramVersion.Text);
                    return ExitCode.Done;
                default:
                    var resolver = new OptionResolver(
                        line.Values,
                        Environment.GetEnvironmentVariable,
                        configuration.Find
                    );
                    if (line.Row.SaysConfigProblems)
                    {
                        configuration.WriteProblems(Console.Error);
                    }

                    using (var interruption = new Interruption())
                    {
                        return await line.Row.Run!(new Call(line.Row, resolver), interruption.Token);
                    }
            }
        }
        catch (UsageException wrong)
        {
            Say(wrong.Message);
            return ExitCode.Usage;
        }
        catch (CommandFailedException failed)
        {
            Say(failed.Message);
            return failed.Code;
        }
        catch (NodeStartException failed)
        {
            Say(failed.Message);
            return failed.Failure switch
            {
                NodeStartFailure.Usage => ExitCode.Usage,
                NodeStartFailure.NotRunning => ExitCode.OwnerGone,
                NodeStartFailure.Locked => ExitCode.Locked,
                _ => ExitCode.Storage,
            };
        }
        catch (NodeGoneException gone)
        {
            Say(gone.Message);
            return ExitCode.OwnerGone;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException closed) when (IsBrokenPipe(closed))
        {
            return ExitCode.Done; // whoever read our output has seen enough
        }
    }

    /// <summary>One sentence on standard error.</summary>
    public static void Say(string sentence) =>
        Console.Error.WriteLine("peerchat: " + PlainText.Clean(Words.FromNode(sentence)));

    // EPIPE on Unix; ERROR_BROKEN_PIPE and ERROR_NO_DATA on Windows
    private static bool IsBrokenPipe(IOException exception) =>
        exception.HResult is 32 or unchecked((int)0x8007006D) or unchecked((int)0x800700E8)
        || exception.Message.Contains("Broken pipe", StringComparison.Ordinal);
}
