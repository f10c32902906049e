using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PeerChat.Node.Control;

/// <summary>A request that waits for an answer of a given shape.</summary>
/// <typeparam name="T">The answer.</typeparam>
/// <param name="shape">Its shape.</param>
/// <param name="onAnswer">What is done as soon as it is there, before anything that came after it is looked at.</param>
internal sealed class RpcCall<T>(JsonTypeInfo<T> shape, Action? onAnswer) : IRpcCall
{
    private readonly TaskCompletionSource<T> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>The answer.</summary>
    public Task<T> Answer => _answer.Task;

    /// <inheritdoc/>
    public void Finish(RpcIncoming answer)
    {
        onAnswer?.Invoke();
        if (answer.Error is { } error)
        {
            _answer.TrySetException(new RpcErrorException(error));
            return;
        }

        try
        {
            _answer.TrySetResult(JsonSerializer.Deserialize(answer.Result.Span, shape)!);
        }
        catch (Exception unknown) when (unknown is JsonException or NotSupportedException)
        {
            _answer.TrySetException(
                new RpcErrorException(
                    new RpcError(
                        RpcErrorCode.Fault,
                        "The process that runs the node answered in a way that this version does not understand; start both from the same "
                            + "version of PeerChat."
                    )
                )
            );
        }
    }

    /// <inheritdoc/>
    public void Fail(Exception why) => _answer.TrySetException(why);
}
