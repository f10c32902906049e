using System.IO.Pipelines;
using System.Text;
using PeerChat.Node.Tests.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

/// <summary>What <c>peerchat rpc</c> runs, with pipes in place of standard input and output.</summary>
public sealed class RpcEndpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Pipe _input = new();
    private readonly Pipe _output = new();
    private readonly StreamReader _lines;
    private readonly NodeOptions _options;

    public RpcEndpointTests()
    {
        _lines = new StreamReader(_output.Reader.AsStream(), Encoding.UTF8);
        _options = new NodeOptions
        {
            User = "rpc-" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..8],
            ProfileDirectory = _folder.Profile.FullPath,
            Interfaces = ["lo"],
        };
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Alone_it_owns_and_serves_others_too_and_ends_with_its_client()
    {
        var running = Run();
        (
            await AskAsync(
                """{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"kind":"bot"}}"""
            )
        ).ShouldContain($"\"processId\":{Environment.ProcessId}");
        await using (var face = await NodeFace.OpenAsync(_options, new FaceOptions("screen"), Cancellation))
        {
            var status = (
                await face.AskAsync(new NodeCommand.GetStatus(), Cancellation)
            ).ShouldBeOfType<NodeReply.Status>();
            status.Node.Faces.Select(one => one.Kind).ShouldBe(["bot", "screen"]);
        }

        await _input.Writer.CompleteAsync();
        (await running.WaitAsync(RpcClient.Patience, Cancellation)).ShouldBe(RpcEnd.ClientLeft);
    }

    [Fact]
    public async Task Attached_it_carries_lines_and_who_closes_its_input_at_once_is_answered()
    {
        await using var owner = await NodeFace.OpenAsync(_options, new FaceOptions("owner"), Cancellation);
        await WriteAsync(
            """{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"kind":"bot"}}"""
        );
        await WriteAsync("""{"jsonrpc":"2.0","id":2,"method":"list-chats"}""");
        await _input.Writer.CompleteAsync();
        var running = Run();

        (await ReadAsync())!.ShouldContain("\"id\":1");
        (await ReadAsync())!.ShouldContain("\"id\":2");
        (await running.WaitAsync(RpcClient.Patience, Cancellation)).ShouldBe(RpcEnd.ClientLeft);
    }

    [Fact]
    public async Task When_the_owner_goes_the_client_is_told_and_may_start_again()
    {
        var owner = await NodeFace.OpenAsync(_options, new FaceOptions("owner"), Cancellation);
        var running = Run();
        await AskAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");

        await owner.DisposeAsync();

        (await ReadAsync())!.ShouldStartWith("""{"jsonrpc":"2.0","method":"closed","params":{"reason":""");
        (await running.WaitAsync(RpcClient.Patience, Cancellation)).ShouldBe(RpcEnd.OwnerGone);
    }

    [Fact]
    public async Task An_owner_that_is_asked_for_the_profile_gives_it_and_tells_its_client()
    {
        var running = Run();
        await AskAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""");

        await using var daemon = await NodeFace.OpenAsync(
            _options,
            new FaceOptions("daemon", Ownership.TakeOver),
            Cancellation
        );

        (await ReadAsync())!.ShouldContain("\"method\":\"closed\"");
        (await running.WaitAsync(RpcClient.Patience, Cancellation)).ShouldBe(RpcEnd.OwnerGone);
    }

    [Fact]
    public async Task Stop_ends_the_node_and_the_client_hears_it()
    {
        var running = Run();
        await AskAsync("""{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"events":["stopped"]}}""");
        (await ReadAsync())!.ShouldContain("in-step");
        await WriteAsync("""{"jsonrpc":"2.0","id":2,"method":"stop"}""");

        string[] last = [(await ReadAsync())!, (await ReadAsync())!];
        last.ShouldContain(line => line.Contains("\"reply\":\"done\"", StringComparison.Ordinal));
        last.ShouldContain(line => line.Contains("\"event\":\"stopped\"", StringComparison.Ordinal));
        (await running.WaitAsync(RpcClient.Patience, Cancellation)).ShouldBe(RpcEnd.Stopped);
    }

    [Fact]
    public async Task A_goodbye_through_a_pump_is_the_clients_own_end()
    {
        await using var owner = await NodeFace.OpenAsync(_options, new FaceOptions("owner"), Cancellation);
        var running = Run();

        (await AskAsync("""{"jsonrpc":"2.0","id":1,"method":"goodbye"}""")).ShouldContain("\"result\":{}");
        (await running.WaitAsync(RpcClient.Patience, Cancellation)).ShouldBe(RpcEnd.ClientLeft);
    }

    [Fact]
    public void This_program_is_found_again_with_and_without_the_runtime()
    {
        Detachment.OwnCommand("/opt/peerchat", ["/opt/peerchat.dll", "daemon"]).ShouldBe(["/opt/peerchat"]);
        Detachment
            .OwnCommand("/usr/bin/dotnet", ["/opt/peerchat.dll", "daemon"])
            .ShouldBe(["/usr/bin/dotnet", "/opt/peerchat.dll"]);
    }

    private Task<RpcEnd> Run() =>
        RpcEndpoint.RunAsync(
            _options,
            new FaceOptions("rpc"),
            _input.Reader.AsStream(),
            _output.Writer.AsStream(),
            Cancellation
        );

    private async Task<string> AskAsync(string line)
    {
        await WriteAsync(line);
        return (await ReadAsync())!;
    }

    private async Task WriteAsync(string line) =>
        await _input.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), Cancellation);

    private Task<string?> ReadAsync() =>
        _lines.ReadLineAsync(Cancellation).AsTask().WaitAsync(RpcClient.Patience, Cancellation);
}
