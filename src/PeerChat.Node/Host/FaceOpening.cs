using System.Diagnostics;
using PeerChat.Node.Control;
using PeerChat.Node.Profiles;

namespace PeerChat.Node.Host;

/// <summary>Finds the process that runs a profile's node, or becomes it.</summary>
/// <param name="options">The profile, and what a node of one's own is started with.</param>
/// <param name="face">What the face calls itself, and whether it may own.</param>
internal sealed class FaceOpening(NodeOptions options, FaceOptions face)
{
    /// <summary>How long to try while another process begins or ends: opening a great history on a slow disk takes a few seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long a face that may not own looks for a process that does: one that is just starting opens its socket soon.</summary>
    private static readonly TimeSpan AttachPatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    private readonly ProfileFolder _folder = ProfileChoice.Resolve(options).Folder;
    private string[] _inherited = [];

    /// <summary>Opens the face for the first time.</summary>
    /// <exception cref="NodeStartException">It cannot; the message says why and what to do.</exception>
    public Task<IFaceLink> OpenAsync(CancellationToken cancellation) =>
        OpenAsync(
            face.Ownership,
            face.Ownership == Ownership.Never ? AttachPatience : Patience,
            isFirst: true,
            cancellation
        );

    /// <summary>Opens it again after the process that ran the node is gone.</summary>
    /// <param name="wasHandedOver">Whether another process asked for the profile, so that this one stands back.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="NodeStartException">It cannot.</exception>
    public async Task<IFaceLink> ReopenAsync(bool wasHandedOver, CancellationToken cancellation)
    {
        var mayOwn = face.Ownership != Ownership.Never;
        if (!mayOwn || wasHandedOver)
        {
            try
            {
                return await OpenAsync(Ownership.Never, Patience, isFirst: false, cancellation);
            }
            catch (NodeStartException) when (mayOwn)
            {
                // Whoever wanted it did not come.
            }
        }

        return await OpenAsync(Ownership.WhenFree, Patience, isFirst: false, cancellation);
    }

    private async Task<IFaceLink> OpenAsync(
        Ownership ownership,
        TimeSpan patience,
        bool isFirst,
        CancellationToken cancellation
    )
    {
        var start = Stopwatch.GetTimestamp();
        var pause = FirstPause;
        NodeStartException? problem = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (await TryAttachAsync(ownership == Ownership.TakeOver, isFirst, cancellation) is { } attached)
            {
                return attached;
            }

            if (ownership != Ownership.Never)
            {
                try
                {
                    var owner = await NodeOwner.StartAsync(
                        OwnerOnly.Inherit(options, _inherited, Environment.GetEnvironmentVariable),
                        needsSocket: ownership == Ownership.TakeOver
                    );
                    return new OwnLink(owner, face);
                }
                catch (NodeStartException inUse) when (inUse.Failure == NodeStartFailure.InUse)
                {
                    problem = inUse;
                }
            }

            if (Stopwatch.GetElapsedTime(start) >= patience)
            {
                throw Explain(problem);
            }

            await Task.Delay(pause, cancellation);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private async Task<IFaceLink?> TryAttachAsync(
        bool takesOver,
        bool isFirst,
        CancellationToken cancellation
    )
    {
        ControlClient? client = null;
        try
        {
            if (await ControlConnector.TryConnectAsync(_folder, cancellation) is not { } connection)
            {
                return null;
            }

            client = new ControlClient(connection);
            var hello = await client.HelloAsync(face.Kind).WaitAsync(Patience, cancellation);
            if (takesOver)
            {
                await client.HandOverAsync(Environment.ProcessId).WaitAsync(Patience, cancellation);
                await client.Closed.WaitAsync(Patience, cancellation);
                await client.DisposeAsync();
                return null;
            }

            if (isFirst)
            {
                await OwnerOnly.CheckAsync(options, client, hello).WaitAsync(Patience, cancellation);
            }

            _inherited = hello.Interfaces;
            return new AttachedLink(client, hello);
        }
        catch (NodeGoneException)
        {
            await client!.DisposeAsync();
            return null; // it ended at this moment
        }
        catch (TimeoutException silent)
        {
            var process = client!.ProcessId;
            await client.DisposeAsync();
            throw new NodeStartException(
                NodeStartFailure.InUse,
                $"PeerChat {(process > 0 ? $"(process {process}) " : "")}runs on the profile in {_folder.FullPath} but does not answer; end "
                    + "that process and start again.",
                silent
            );
        }
        catch (RpcErrorException refused)
        {
            var process = client!.ProcessId;
            await client.DisposeAsync();
            throw new NodeStartException(
                NodeStartFailure.InUse,
                $"PeerChat {(process > 0 ? $"(process {process}) " : "")}runs on the profile in {_folder.FullPath} and does not let this "
                    + $"program in: {refused.Message}",
                refused
            );
        }
        catch (ControlSocketException problem)
        {
            throw new NodeStartException(NodeStartFailure.InUse, problem.Message, problem);
        }
        catch
        {
            if (client is not null)
            {
                await client.DisposeAsync();
            }

            throw;
        }
    }

    private NodeStartException Explain(NodeStartException? problem)
    {
        if (problem is null)
        {
            return new NodeStartException(
                NodeStartFailure.NotRunning,
                $"No PeerChat runs on the profile in {_folder.FullPath}; start one, for example with: peerchat daemon"
            );
        }

        var process = (problem.InnerException as Storage.ProfileInUseException)?.OwnerProcessId;
        return new NodeStartException(
            NodeStartFailure.InUse,
            $"Another PeerChat {(process is { } id ? $"(process {id}) " : "")}holds the profile in {_folder.FullPath} and cannot be "
                + "attached to: it is of an older version, it could not make its control socket, or it hangs. End it and start again.",
            problem
        );
    }
}
