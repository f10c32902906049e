using PeerChat.Node;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary>What a script is told, and with which exit code it ends, when a join comes to nothing.</summary>
internal static class JoinFailures
{
    /// <summary>Reports a join that cannot succeed.</summary>
    public static int Report(NodeEvent.JoinFailed failed, string consequence)
    {
        PeerChatCommandLine.Say($"{Words.FromNode(failed.Text)} {consequence}");
        foreach (var claim in failed.Claims)
        {
            Console.Error.WriteLine(
                $"  {Output.PlainText.Clean(claim.Name)}~{claim.ShortId}  {claim.PeerId}  {claim.Address}"
            );
        }

        return failed.Failure switch
        {
            JoinFailure.NobodyFound => ExitCode.NobodyFound,
            JoinFailure.Unreachable => ExitCode.Unreachable,
            _ => ExitCode.Refused,
        };
    }

    /// <summary>Reports that the time is up, by how far it came.</summary>
    public static int ReportTimeout(
        ChatTarget target,
        ConnectionState state,
        TimeSpan timeout,
        string consequence
    )
    {
        var seconds = $"{timeout.TotalSeconds:0.###} s";
        var (code, sentence) = state switch
        {
            ConnectionState.Connecting => (
                ExitCode.Unreachable,
                Words.Of(
                    $"{target.Title} was found, but no connection came about within {seconds}; a firewall on either machine is the likely cause."
                )
            ),
            ConnectionState.Waiting => (
                ExitCode.Unreachable,
                Words.Of($"{target.Title} was reached, but did not accept the request within {seconds}.")
            ),
            ConnectionState.Silent => (
                ExitCode.Unreachable,
                Words.Of(
                    $"{target.Title} was connected, but did not answer any more within {seconds}; their program or their network is gone."
                )
            ),
            ConnectionState.Connected => (
                ExitCode.Unreachable,
                Words.Of(
                    $"{target.Title} is connected, but what was waited for did not happen within {seconds}."
                )
            ),
            _ => (
                ExitCode.NobodyFound,
                Words.Of(
                    $"Nobody called {target.Title} was found within {seconds}; are they running, on the same network or at a service that both use? 'peerchat doctor' says more."
                )
            ),
        };
        PeerChatCommandLine.Say($"{sentence} {consequence}");
        return code;
    }

    /// <summary>Reports that the node ended by itself.</summary>
    public static int ReportStopped(NodeEvent.Stopped stopped)
    {
        if (stopped.Failure is { } sentence)
        {
            PeerChatCommandLine.Say(sentence);
            return ExitCode.Storage;
        }

        return ExitCode.Interrupted;
    }
}
