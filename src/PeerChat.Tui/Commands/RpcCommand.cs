using PeerChat.Node;
using PeerChat.Tui.Output;

namespace PeerChat.Tui.Commands;

/// <summary><c>peerchat rpc</c>: the control protocol on standard input and output.</summary>
internal static class RpcCommand
{
    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Call call, CancellationToken cancellation)
    {
        var options = call.ToNodeOptions() with
        {
            AcceptAny = call.Flag("--accept-any"),
            Accept = call.List("--accept"),
            Announce = AnnouncePolicy.Always,
        };
        var end = await RpcEndpoint.RunAsync(
            options,
            new FaceOptions("rpc"),
            Console.OpenStandardInput(),
            StandardOutput.Open(),
            cancellation
        );
        return end switch
        {
            RpcEnd.OwnerGone => ExitCode.OwnerGone,
            RpcEnd.Failed => ExitCode.Storage,
            _ => cancellation.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done,
        };
    }
}
