using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using PeerChat.Node.Files;
using PeerChat.Rendezvous.Services;

namespace PeerChat.Node.Transport;

/// <summary>An IPFS node of the user's own, by the RPC API of Kubo.</summary>
internal static class IpfsNode
{
    private const int MaxAnswer = 64 * 1024; // one line for the one root
    private const int BufferSize = 256 * 1024;

    /// <summary>Gives a CAR to the node, which keeps and publishes what it holds.</summary>
    /// <param name="api">Where its API is.</param>
    /// <param name="write">Writes the CAR; called once.</param>
    /// <param name="root">The root that the node has to name.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FileException">The node cannot be reached, or does not keep it.</exception>
    public static async Task PinAsync(
        Uri api,
        Action<Stream> write,
        Func<string> root,
        CancellationToken cancellation
    )
    {
        using var client = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        using var body = new MultipartFormDataContent { { new CarContent(write), "file", "file.car" } };
        var address = new Uri(
            api,
            $"{api.AbsolutePath.TrimEnd('/')}/api/v0/dag/import?pin-roots=true&allow-big-block=false"
        );
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = body };
            using var response = await client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellation
            );
            await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            var buffer = new byte[MaxAnswer];
            var count = await stream.ReadAtLeastAsync(
                buffer,
                buffer.Length,
                throwOnEndOfStream: false,
                cancellation
            );
            var answer = System.Text.Encoding.UTF8.GetString(buffer, 0, count);
            var problem = response.IsSuccessStatusCode
                ? ProblemIn(answer, root())
                : Explanation((int)response.StatusCode, answer);
            if (problem is not null)
            {
                throw new FileException(
                    FileFailure.Unreachable,
                    $"The IPFS node at {api} did not keep it ({problem})."
                );
            }
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException)
        {
            if (failed.InnerException is FileException unreadable)
            {
                ExceptionDispatchInfo.Throw(unreadable); // the file, not the node
            }

            throw new FileException(
                FileFailure.Unreachable,
                $"There is no IPFS node at {api}, or it broke off ({failed.Message.TrimEnd('.')}); start it, or name it with --ipfs.",
                failed
            );
        }
    }

    /// <summary>What is wrong with an answer: lines of JSON, one of which names the root and no failure to pin it. Null where nothing is.</summary>
    internal static string? ProblemIn(string answer, string root)
    {
        foreach (var line in answer.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                if (
                    json.RootElement.ValueKind == JsonValueKind.Object
                    && json.RootElement.TryGetProperty("Root", out var named)
                    && named.TryGetProperty("Cid", out var cid)
                    && cid.TryGetProperty("/", out var text)
                    && text.ValueEquals(root)
                )
                {
                    return
                        named.TryGetProperty("PinErrorMsg", out var problem)
                        && problem.GetString() is { Length: > 0 } sentence
                        ? sentence
                        : null;
                }
            }
            catch (Exception failed) when (failed is JsonException or InvalidOperationException)
            {
                return "its answer is not understood";
            }
        }

        return "it does not name the root";
    }

    // A failure is JSON as well, with a sentence in it
    private static string Explanation(int status, string answer) =>
        MessageIn(answer) is { Length: > 0 } sentence
            ? $"it answered {status}: {ServiceText.Clean(sentence)}"
            : $"it answered {status}";

    private static string? MessageIn(string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("Message", out var message)
                ? message.GetString()
                : null;
        }
        catch (Exception failed) when (failed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A CAR that is written as it goes out.</summary>
    private sealed class CarContent : HttpContent
    {
        private readonly Action<Stream> _write;

        public CarContent(Action<Stream> write)
        {
            _write = write;
            Headers.ContentType = new MediaTypeHeaderValue("application/vnd.ipld.car"); // js-ipfs refuses a part without a type
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            Task.Run(() =>
            {
                var buffered = new BufferedStream(stream, BufferSize); // not disposed: the connection goes on
                _write(buffered);
                buffered.Flush();
            });

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
