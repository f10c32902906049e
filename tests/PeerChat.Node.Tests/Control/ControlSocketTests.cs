using System.Net.Sockets;
using System.Text;
using PeerChat.Node.Control;
using PeerChat.Node.Profiles;
using PeerChat.Node.Tests.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

public sealed class ControlSocketTests : IDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _folder = new();
    private readonly ProfileFolder _profile;

    public ControlSocketTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has pipes.");
        _profile = _folder.Profile;
        _profile.Create();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_socket_lies_in_the_profile_for_its_user_alone_and_the_system_names_the_client()
    {
        using var listener = SocketListener.Open(_profile);

        UnixPath
            .Of(ControlAddress.In(_profile))
            .ShouldBe(new UnixPath(UnixPathKind.Socket, UnixPath.CurrentUser, Convert.ToInt32("600", 8)));
        using var client = await ControlConnector.TryConnectAsync(_profile, Cancellation);
        using var accepted = await listener.AcceptAsync(Cancellation);
        accepted.ProcessId.ShouldBe(Environment.ProcessId);
        client!.ProcessId.ShouldBe(Environment.ProcessId);

        listener.Withdraw();
        File.Exists(ControlAddress.In(_profile)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_dead_owners_socket_is_replaced_and_closing_the_old_one_does_not_take_the_new_one_away()
    {
        var dead = SocketListener.Open(_profile);
        using var next = SocketListener.Open(_profile);
        dead.Dispose();

        using var client = await ControlConnector.TryConnectAsync(_profile, Cancellation);

        client.ShouldNotBeNull();
        using var accepted = await next.AcceptAsync(Cancellation);
    }

    [Fact]
    public async Task Nobody_behind_a_socket_is_nobody()
    {
        SocketListener.Open(_profile).Dispose();
        File.Exists(ControlAddress.In(_profile)).ShouldBeTrue();

        (await ControlConnector.TryConnectAsync(_profile, Cancellation)).ShouldBeNull();
    }

    [Theory]
    [InlineData("folder", "is a folder")]
    [InlineData("file", "is a regular file")]
    [InlineData("link", "is a symbolic link")]
    public async Task What_is_not_a_socket_is_never_removed_and_the_sentence_says_what_to_do(
        string kind,
        string words
    )
    {
        var path = ControlAddress.In(_profile);
        var elsewhere = _folder.In("elsewhere");
        switch (kind)
        {
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "file":
                await File.WriteAllTextAsync(path, "mine", Cancellation);
                break;
            default:
                await File.WriteAllTextAsync(elsewhere, "mine", Cancellation);
                File.CreateSymbolicLink(path, elsewhere);
                break;
        }

        (await ControlConnector.TryConnectAsync(_profile, Cancellation)).ShouldBeNull();
        var problem = Should.Throw<ControlSocketException>(() => SocketListener.Open(_profile)).Message;

        problem.ShouldContain(words);
        problem.ShouldContain("move it away");
        UnixPath.Of(path).Kind.ShouldNotBe(UnixPathKind.None);
        if (kind == "link")
        {
            (await File.ReadAllTextAsync(elsewhere, Cancellation)).ShouldBe("mine");
        }
    }

    [Fact]
    public async Task A_path_of_100_bytes_fits_and_a_longer_one_goes_elsewhere_with_word_of_where()
    {
        ControlAddress.Fits("/" + new string('a', 99)).ShouldBeTrue();
        ControlAddress.Fits("/" + new string('a', 100)).ShouldBeFalse();
        ControlAddress.Fits("/" + new string('ä', 50)).ShouldBeFalse(); // 101 bytes in 51 characters

        var deep = ProfileLocation.At(_folder.In(new string('d', 120)));
        deep.Create();
        var runtime = _folder.In("runtime");
        using var listener = SocketListener.Open(deep, ControlAddress.ForOwner(deep, [runtime]));

        listener.Address.ShouldStartWith(runtime);
        UnixPath.Of(runtime).Permissions.ShouldBe(Convert.ToInt32("700", 8));
        ControlAddress.ForClient(deep).ShouldBe(listener.Address);
        (await ControlConnector.TryConnectAsync(deep, Cancellation)).ShouldNotBeNull().Dispose();
    }

    [Fact]
    public void A_folder_for_run_time_files_that_others_can_enter_or_that_is_a_link_is_not_used()
    {
        var open = Directory.CreateDirectory(_folder.In("open")).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(open, (UnixFileMode)Convert.ToInt32("755", 8));
        }

        var real = _folder.In("real");
        PrivateFile.CreateFolder(real);
        var link = _folder.In("link");
        Directory.CreateSymbolicLink(link, real);
        var good = _folder.In("good");

        ControlAddress.MakePrivate(open)!.ShouldContain("open to other users");
        ControlAddress.MakePrivate(link)!.ShouldContain("is not a folder");
        ControlAddress.MakePrivate(good).ShouldBeNull();
        ControlAddress.MakePrivate(good).ShouldBeNull();
    }

    [Fact]
    public void Without_any_place_the_sentence_says_so()
    {
        var deep = ProfileLocation.At(_folder.In(new string('d', 120)));
        deep.Create();

        Should
            .Throw<ControlSocketException>(() =>
                SocketListener.Open(deep, ControlAddress.ForOwner(deep, [_folder.In(new string('r', 120))]))
            )
            .Message.ShouldContain("XDG_RUNTIME_DIR");
    }

    [Theory]
    [InlineData("relative/path")]
    [InlineData("")]
    [InlineData("/nul\0byte")]
    public void What_stands_in_the_path_file_is_not_believed_blindly(string text)
    {
        File.WriteAllText(ControlAddress.PathFile(_profile), text);

        ControlAddress.ForClient(_profile).ShouldBe(ControlAddress.In(_profile));
    }

    [Fact]
    public void The_folders_for_run_time_files_are_the_users_own()
    {
        ControlAddress.RuntimeFolders(_ => "/run/user/7", 7).First().ShouldBe("/run/user/7/peerchat");
        ControlAddress.RuntimeFolders(_ => "relative", 7).ShouldAllBe(path => path.EndsWith("peerchat-7"));
    }

    [Fact]
    public async Task Up_to_128_clients_are_served_and_the_next_is_told_why_not()
    {
        var host = new FakeHost();
        await using var server = new ControlServer(SocketListener.Open(_profile), host);
        var clients = new List<ControlConnection>();
        for (var i = 0; i < ControlServer.MaxClients; i++)
        {
            clients.Add((await ControlConnector.TryConnectAsync(_profile, Cancellation))!);
            await AskAsync(
                clients[^1],
                """{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"kind":"one of many"}}"""
            );
        }

        host.Faces.List().Length.ShouldBe(ControlServer.MaxClients);
        using var refused = (await ControlConnector.TryConnectAsync(_profile, Cancellation))!;
        var lines = new LineReader(refused.Stream, 4096);
        Encoding.UTF8.GetString((await lines.ReadAsync(Cancellation))!.Value.Span).ShouldContain("-32002");
        (await lines.ReadAsync(Cancellation)).ShouldBeNull();

        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_client_that_stops_reading_holds_up_nobody_else_and_not_the_end()
    {
        var host = new FakeHost();
        await using var server = new ControlServer(SocketListener.Open(_profile), host);
        using var deaf = (await ControlConnector.TryConnectAsync(_profile, Cancellation))!;
        await deaf.Stream.WriteAsync(
            Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"method":"subscribe"}""" + "\n"),
            Cancellation
        );
        using var good = (await ControlConnector.TryConnectAsync(_profile, Cancellation))!;
        await AskAsync(good, """{"jsonrpc":"2.0","id":1,"method":"ping"}""");

        var text = new string('x', 32 * 1024);
        for (var i = 0; i < 400; i++)
        {
            host.Tell(text);
        }

        (await AskAsync(good, """{"jsonrpc":"2.0","id":2,"method":"ping"}""")).ShouldContain("\"id\":2");
        await server.DisposeAsync().AsTask().WaitAsync(RpcClient.Patience, Cancellation);
    }

    [Fact]
    public async Task An_answer_that_never_comes_holds_up_the_end_for_nobody()
    {
        var asked = new TaskCompletionSource();
        var host = new FakeHost
        {
            Answer = _ =>
            {
                asked.TrySetResult();
                return new TaskCompletionSource<NodeReply>().Task;
            },
        };
        await using var server = new ControlServer(SocketListener.Open(_profile), host);
        using var client = (await ControlConnector.TryConnectAsync(_profile, Cancellation))!;
        await client.Stream.WriteAsync(
            Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"method":"get-status"}""" + "\n"),
            Cancellation
        );
        await asked.Task.WaitAsync(RpcClient.Patience, Cancellation);
        ((NetworkStream)client.Stream).Socket.Shutdown(SocketShutdown.Send); // it has asked all it wants, and waits

        await server.DisposeAsync().AsTask().WaitAsync(RpcClient.Patience, Cancellation);

        (await client.Stream.ReadAsync(new byte[1], Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task A_failing_accept_does_not_end_the_server()
    {
        var listener = new StumblingListener(SocketListener.Open(_profile));
        await using var server = new ControlServer(listener, new FakeHost());
        using var client = (await ControlConnector.TryConnectAsync(_profile, Cancellation))!;

        (await AskAsync(client, """{"jsonrpc":"2.0","id":2,"method":"ping"}""")).ShouldContain("\"id\":2");
        listener.Stumbles.ShouldBeGreaterThan(2);
    }

    [Fact]
    public void A_pipes_name_is_the_same_whatever_the_case_of_the_path_and_tells_nothing_of_it()
    {
        var name = ControlAddress.PipeName(new ProfileFolder(@"C:\Users\Alice\x"));

        name.ShouldBe(ControlAddress.PipeName(new ProfileFolder(@"c:\users\alice\X")));
        name.ShouldNotContain("alice");
    }

    private static async Task<string> AskAsync(ControlConnection connection, string line)
    {
        await connection.Stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        var reader = new LineReader(connection.Stream, 65536);
        return Encoding.UTF8.GetString(
            (await reader.ReadAsync(Cancellation).AsTask().WaitAsync(RpcClient.Patience))!.Value.Span
        );
    }

    private sealed class StumblingListener(IControlListener inner) : IControlListener
    {
        public int Stumbles { get; private set; }

        public Task<ControlConnection> AcceptAsync(CancellationToken cancellation) =>
            Stumbles++ < 2
                ? Task.FromException<ControlConnection>(
                    new IOException("Too many open files", new SocketException(24))
                )
                : inner.AcceptAsync(cancellation);

        public void Withdraw() => inner.Withdraw();

        public void Dispose() => inner.Dispose();
    }
}
