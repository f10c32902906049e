using System.Text;
using System.Text.Json;
using PeerChat.Node.Control;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

public sealed class RpcFuzzTests
{
    private static readonly string[] Valid =
    [
        """{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"kind":"bot"}}""",
        """{"jsonrpc":"2.0","id":"x","method":"send-text","params":{"chat":"#a","text":"b\u00e4","reference":"r"}}""",
        """{"jsonrpc":"2.0","id":2,"method":"load-history","params":{"chat":"#a","count":10,"beforeMessage":null}}""",
        """{"jsonrpc":"2.0","id":null,"method":"subscribe","params":{"run":"run-1","after":0,"events":["notice"],"chats":["#a"]}}""",
        """{"jsonrpc":"2.0","id":3,"method":"unsubscribe"}""",
        """{"jsonrpc":"2.0","id":4,"method":"answer-request","params":{"request":"request-1","accept":true}}""",
        """{"jsonrpc":"2.0","id":5,"method":"methods","params":{}}""",
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_bytes_come_every_line_is_answered_or_the_session_ends(int seed)
    {
        var random = new Random(seed);
        var host = new FakeHost();
        await using var client = new RpcClient(host);
        var reading = Task.Run(async () =>
        {
            var answers = 0;
            while (await client.ReadLineAsync() is { } line)
            {
                using var json = JsonDocument.Parse(line); // whatever came, what goes out is JSON
                answers++;
            }

            return answers;
        });
        for (var i = 0; i < 250; i++)
        {
            await client.SendAsync([.. Mutate(random), (byte)'\n']);
        }

        await client.SendAsync("\n");
        await client.EndInputAsync();

        (
            await client.Served.WaitAsync(RpcClient.Patience, TestContext.Current.CancellationToken)
        ).ShouldBeTrue($"seed {seed}");
        (await reading).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void No_bytes_make_the_parsers_throw()
    {
        var random = new Random(7);
        for (var i = 0; i < 50_000; i++)
        {
            var line = Mutate(random);
            if (RpcRequest.TryParse(line, out var request, out var error))
            {
                request.Method.ShouldNotBeNull();
                foreach (var shape in SurfaceJson.Commands.Values.Take(3))
                {
                    _ = RpcParams.TryRead<NodeCommand>(request.Params, shape, out _, out _);
                }
            }
            else
            {
                error.Code.ShouldBeOneOf(RpcErrorCode.NotJson, RpcErrorCode.NoRequest);
            }

            _ = RpcIncoming.TryParse(line, out _);
        }
    }

    private static byte[] Mutate(Random random)
    {
        if (random.Next(8) == 0)
        {
            var noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            return noise;
        }

        var bytes = Encoding.UTF8.GetBytes(Valid[random.Next(Valid.Length)]).ToList();
        for (var changes = random.Next(4); changes > 0 && bytes.Count > 1; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 8), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 16), bytes.Count - at)));
                    break;
                case 3:
                    bytes.InsertRange(at, "\\u"u8.ToArray());
                    break;
                default:
                    bytes[at] = "{}[]\",:0\\"u8[random.Next(9)];
                    break;
            }
        }

        bytes.RemoveAll(one => one == (byte)'\n');
        return [.. bytes];
    }
}
