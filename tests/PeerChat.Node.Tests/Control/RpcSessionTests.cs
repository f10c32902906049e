using System.Text;
using System.Threading.Channels;
using PeerChat.Node.Control;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

public sealed class RpcSessionTests
{
    private readonly FakeHost _host = new();

    [Fact]
    public async Task Hello_names_protocol_version_run_and_who_one_is()
    {
        await using var client = new RpcClient(_host);

        var answer = await client.AskAsync(
            """{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"kind":"my-bot"}}"""
        );

        answer
            .ToString()
            .ShouldBe(
                """{"jsonrpc":"2.0","id":1,"result":{"protocol":1,"version":"1.2.3","run":"run-1","name":"alice","peerId":"pc1alice","processId":4711,"interfaces":[]}}"""
            );
        _host.Faces.List().ShouldHaveSingleItem().Kind.ShouldBe("my-bot");
        _host.Faces.List()[0].ProcessId.ShouldBe(99);
    }

    [Fact]
    public async Task A_version_not_spoken_is_refused_with_the_one_that_is_and_may_be_corrected()
    {
        await using var client = new RpcClient(_host);

        var answer = await client.AskAsync(
            """{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":9}}"""
        );

        var error = answer.GetProperty("error");
        error.GetProperty("code").GetInt32().ShouldBe(RpcErrorCode.Version);
        error.GetProperty("message").GetString()!.ShouldContain("only 1");
        (await client.AskAsync("""{"jsonrpc":"2.0","id":2,"method":"hello","params":{"protocol":1}}"""))
            .TryGetProperty("result", out _)
            .ShouldBeTrue();
    }

    [Fact]
    public async Task Hello_may_be_left_out_but_does_not_come_later()
    {
        await using var client = new RpcClient(_host);

        (await client.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}"""))
            .ToString()
            .ShouldBe("""{"jsonrpc":"2.0","id":1,"result":{}}""");
        _host.Faces.List().ShouldHaveSingleItem().Kind.ShouldBe("rpc");
        (
            await client.ErrorAsync("""{"jsonrpc":"2.0","id":2,"method":"hello","params":{"protocol":1}}""")
        ).ShouldBe(RpcErrorCode.NoRequest);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(RpcSession.MaxKindLength + 1)]
    public async Task A_kind_has_1_to_64_characters(int length)
    {
        await using var client = new RpcClient(_host);
        var name = new string('k', length);

        (
            await client.ErrorAsync(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"kind":"{{{name}}}"}}"""
            )
        ).ShouldBe(RpcErrorCode.BadParams);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("-1.50e3")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("\"a\\u0041\\ud800\"")]
    [InlineData("null")]
    public async Task An_id_comes_back_as_it_was_written(string id)
    {
        await using var client = new RpcClient(_host);

        await client.SendAsync("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}");

        (await client.ReadLineAsync()).ShouldBe("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public async Task An_id_of_another_kind_is_refused(string id)
    {
        await using var client = new RpcClient(_host);

        (await client.ErrorAsync("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}")).ShouldBe(
            RpcErrorCode.NoRequest
        );
    }

    [Fact]
    public async Task An_id_longer_than_a_kibibyte_is_refused()
    {
        await using var client = new RpcClient(_host);
        var id = new string('i', RpcRequest.MaxIdBytes - 1); // and two quotes

        (await client.ErrorAsync($$"""{"jsonrpc":"2.0","id":"{{id}}","method":"ping"}""")).ShouldBe(
            RpcErrorCode.NoRequest
        );
    }

    [Theory]
    [InlineData("nonsense", RpcErrorCode.NotJson)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}}""", RpcErrorCode.NotJson)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping" """, RpcErrorCode.NotJson)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"\ud800"}""", RpcErrorCode.NotJson)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping",}""", RpcErrorCode.NotJson)]
    [InlineData("1", RpcErrorCode.NoRequest)]
    [InlineData("\"text\"", RpcErrorCode.NoRequest)]
    [InlineData("{}", RpcErrorCode.NoRequest)]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", RpcErrorCode.NoRequest)]
    [InlineData("""{"id":1,"method":"ping"}""", RpcErrorCode.NoRequest)]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""", RpcErrorCode.NoRequest)]
    [InlineData("""{"jsonrpc":2.0,"id":1,"method":"ping"}""", RpcErrorCode.NoRequest)]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", RpcErrorCode.NoRequest)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}""", RpcErrorCode.NoRequest)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""", RpcErrorCode.NoRequest)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", RpcErrorCode.NoRequest)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}""", RpcErrorCode.NoRequest)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"pong"}""", RpcErrorCode.NoMethod)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":1}}""", RpcErrorCode.BadParams)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"send-text"}""", RpcErrorCode.BadParams)]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"send-text","params":{"chat":"#a","text":5}}""",
        RpcErrorCode.BadParams
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"send-text","params":{"chat":"#a","text":null}}""",
        RpcErrorCode.BadParams
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"send-text","params":{"chat":"#a","text":"\ud800"}}""",
        RpcErrorCode.BadParams
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"load-history","params":{"chat":"#a","count":1.5}}""",
        RpcErrorCode.BadParams
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"load-history","params":{"chat":"#a","count":99999999999}}""",
        RpcErrorCode.BadParams
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"events":[1]}}""",
        RpcErrorCode.BadParams
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"events":["nothing"]}}""",
        RpcErrorCode.BadParams
    )]
    public async Task Every_mistake_has_its_number_and_the_session_goes_on(string line, int code)
    {
        await using var client = new RpcClient(_host);

        (await client.ErrorAsync(line)).ShouldBe(code);
        (await client.AskAsync("""{"jsonrpc":"2.0","id":"next","method":"ping"}"""))
            .GetProperty("id")
            .GetString()
            .ShouldBe("next");
        _host.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"send-txt"}""", "did you mean send-text?")]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"send-text","params":{"chat":"#a","txt":"b"}}""",
        "did you mean text?"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"send-text","params":{"chat":"#a"}}""",
        "param text is missing"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"send-text","params":{"chat":"#a","chat":"#b"}}""",
        "chat is given twice"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"answer-request","params":{"request":"r","accept":1}}""",
        "accept must be true or false"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"import-messages","params":{"chat":"#a","messages":"x"}}""",
        "messages must be a list of objects"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"import-messages","params":{"chat":"#a","messages":[1]}}""",
        "In messages: each must be an object"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"import-messages","params":{"chat":"#a","messages":[{"id":"1","from":"a","sentAtUnixMilliseconds":1,"text":"t"},{"id":"2","from":"a","text":"t"}]}}""",
        "In messages: The param sentAtUnixMilliseconds is missing"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"import-messages","params":{"chat":"#a","messages":[{"id":"1","form":"a"}]}}""",
        "In messages: There is no param 'form'"
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"events":["mesage-shown"]}}""",
        "did you mean message-shown?"
    )]
    public async Task What_is_wrong_and_what_was_probably_meant_is_said(string line, string hint)
    {
        await using var client = new RpcClient(_host);

        (await client.AskAsync(line))
            .GetProperty("error")
            .GetProperty("message")
            .GetString()!
            .ShouldContain(hint);
    }

    [Fact]
    public async Task Values_nested_deeper_than_16_levels_are_no_json_here()
    {
        await using var client = new RpcClient(_host);
        var nested = new string('[', SurfaceJson.MaxDepth) + new string(']', SurfaceJson.MaxDepth);

        (
            await client.ErrorAsync(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"more\":" + nested + "}"
            )
        ).ShouldBe(RpcErrorCode.NotJson);
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_refused()
    {
        await using var client = new RpcClient(_host);

        await client.SendAsync([
            .. "{\"jsonrpc\":\"2.0\",\"id\":\""u8,
            0xC3,
            0x28,
            .. "\",\"method\":\"ping\"}\n"u8,
        ]);

        (await client.ReadAsync())
            .GetProperty("error")
            .GetProperty("code")
            .GetInt32()
            .ShouldBe(RpcErrorCode.NotJson);
    }

    [Fact]
    public async Task Empty_lines_carriage_returns_and_a_byte_order_mark_do_no_harm()
    {
        await using var client = new RpcClient(_host);

        await client.SendAsync("\uFEFF{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\r\n\r\n  \n");

        (await client.ReadAsync()).GetProperty("id").GetInt32().ShouldBe(1);
        (await client.AskAsync("""{"jsonrpc":"2.0","id":2,"method":"ping"}"""))
            .GetProperty("id")
            .GetInt32()
            .ShouldBe(2);
    }

    [Fact]
    public async Task A_notification_is_done_and_not_answered_whatever_it_says()
    {
        await using var client = new RpcClient(_host);

        await client.SendAsync(
            """{"jsonrpc":"2.0","method":"send-text","params":{"chat":"#a","text":"b"}}"""
        );
        await client.SendAsync("""{"jsonrpc":"2.0","method":"send-text","params":{}}""");
        await client.SendAsync("""{"jsonrpc":"2.0","method":"nothing"}""");

        (await client.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}"""))
            .GetProperty("id")
            .GetInt32()
            .ShouldBe(1);
        _host.Asked.ShouldBe([new NodeCommand.SendText("#a", "b")]);
    }

    [Fact]
    public async Task A_command_is_its_name_and_its_properties_and_the_reply_its_result()
    {
        _host.Answer = _ => Task.FromResult<NodeReply>(new NodeReply.History("#a", [], true));
        await using var client = new RpcClient(_host);

        var answer = await client.AskAsync(
            """{"jsonrpc":"2.0","id":1,"method":"load-history","params":{"chat":"#a","count":3}}"""
        );

        _host.Asked.ShouldBe([new NodeCommand.LoadHistory("#a", 3)]);
        answer
            .GetProperty("result")
            .ToString()
            .ShouldBe("""{"reply":"history","chat":"#a","messages":[],"hasOlder":true}""");
    }

    [Fact]
    public async Task A_refusal_is_an_error_with_its_code_as_data()
    {
        _host.Answer = _ =>
            Task.FromResult<NodeReply>(new NodeReply.Refused(RefusalCode.NoSuchChat, "There is no chat #a."));
        await using var client = new RpcClient(_host);

        var answer = await client.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"list-chats"}""");

        answer
            .GetProperty("error")
            .ToString()
            .ShouldBe("""{"code":-32000,"message":"There is no chat #a.","data":{"code":"no-such-chat"}}""");
    }

    [Fact]
    public async Task A_node_that_has_ended_refuses_and_a_fault_is_told_as_one()
    {
        _host.Answer = command =>
            command is NodeCommand.GetStatus
                ? throw new NodeGoneException("The node has ended.")
                : Task.FromException<NodeReply>(new InvalidOperationException("never mind"));
        await using var client = new RpcClient(_host);

        (await client.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"get-status"}"""))
            .GetProperty("error")
            .GetProperty("data")
            .ToString()
            .ShouldBe("""{"code":"stopping"}""");
        (await client.ErrorAsync("""{"jsonrpc":"2.0","id":1,"method":"list-chats"}""")).ShouldBe(
            RpcErrorCode.Fault
        );
    }

    [Fact]
    public async Task Requests_reach_the_node_in_order_and_at_most_64_are_in_work()
    {
        const int Count = RpcSession.MaxInWork + 10;
        var asked = Channel.CreateUnbounded<TaskCompletionSource<NodeReply>>();
        _host.Answer = _ =>
        {
            var answer = new TaskCompletionSource<NodeReply>(
                TaskCreationOptions.RunContinuationsAsynchronously
            );
            asked.Writer.TryWrite(answer).ShouldBeTrue();
            return answer.Task;
        };
        await using var client = new RpcClient(_host);
        for (var i = 0; i < Count; i++)
        {
            await client.SendAsync(
                $$$"""{"jsonrpc":"2.0","id":{{{i}}},"method":"send-text","params":{"chat":"#a","text":"{{{i}}}"}}"""
            );
        }

        var inWork = new Queue<TaskCompletionSource<NodeReply>>();
        for (var i = 0; i < Count; i++)
        {
            while (inWork.Count < Math.Min(RpcSession.MaxInWork, Count - i))
            {
                inWork.Enqueue(
                    await asked
                        .Reader.ReadAsync(TestContext.Current.CancellationToken)
                        .AsTask()
                        .WaitAsync(RpcClient.Patience, TestContext.Current.CancellationToken)
                );
            }

            _host.Asked.Count.ShouldBe(Math.Min(i + RpcSession.MaxInWork, Count));
            inWork.Dequeue().SetResult(new NodeReply.Done());
            (await client.ReadAsync()).GetProperty("id").GetInt32().ShouldBe(i);
        }

        _host
            .Asked.OfType<NodeCommand.SendText>()
            .Select(send => send.Text)
            .ShouldBe(Enumerable.Range(0, Count).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_not_read_from_and_loses_nothing()
    {
        var text = new string('x', 1024);
        _host.Answer = _ => Task.FromResult<NodeReply>(new NodeReply.Refused(RefusalCode.BadValue, text));
        await using var client = new RpcClient(_host);
        const int Count = 2000;

        var sending = Task.Run(
            async () =>
            {
                for (var i = 0; i < Count; i++)
                {
                    await client.Output.WriteAsync(
                        Encoding.UTF8.GetBytes(
                            $$"""{"jsonrpc":"2.0","id":{{i}},"method":"get-status"}""" + "\n"
                        )
                    );
                }
            },
            TestContext.Current.CancellationToken
        );
        // Two megabytes of answers do not fit into what is on the way.
        var ids = new HashSet<int>();
        for (var i = 0; i < Count; i++)
        {
            if (i == 0)
            {
                sending.IsCompleted.ShouldBeFalse();
            }

            ids.Add((await client.ReadAsync()).GetProperty("id").GetInt32());
        }

        ids.Count.ShouldBe(Count);
        await sending;
    }

    [Fact]
    public async Task A_line_over_a_mebibyte_is_answered_and_ends_the_session()
    {
        await using var client = new RpcClient(_host);
        var sending = Task.Run(
            async () =>
            {
                var chunk = new byte[64 * 1024];
                Array.Fill(chunk, (byte)'a');
                for (var i = 0; i <= RpcSession.MaxLineBytes / chunk.Length; i++)
                {
                    await client.Output.WriteAsync(chunk);
                }
            },
            TestContext.Current.CancellationToken
        );

        (await client.ReadAsync())
            .GetProperty("error")
            .GetProperty("code")
            .GetInt32()
            .ShouldBe(RpcErrorCode.LineTooLong);
        (await client.ReadLineAsync()).ShouldBeNull();
        (await client.Served).ShouldBeFalse();
        await sending.WaitAsync(RpcClient.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Subscribe_tells_where_it_begins_then_the_snapshot_in_step_and_what_is_new()
    {
        _host.Tell("before");
        await using var client = new RpcClient(_host);

        (await client.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"subscribe"}"""))
            .GetProperty("result")
            .ToString()
            .ShouldBe("""{"run":"run-1","after":1,"resumed":false,"arrival":0}""");
        (await client.ReadLineAsync()).ShouldBe(
            """{"jsonrpc":"2.0","method":"event","params":{"number":1,"event":{"event":"ready","name":"alice","peerId":"pc1alice","shortId":"short","interfaces":[],"port":4747}}}"""
        );
        (await client.ReadLineAsync()).ShouldBe(
            """{"jsonrpc":"2.0","method":"event","params":{"number":1,"event":{"event":"in-step","resumed":false}}}"""
        );
        _host.Tell("new");
        (await client.ReadLineAsync()).ShouldBe(
            """{"jsonrpc":"2.0","method":"event","params":{"number":2,"event":{"event":"notice","chat":null,"code":"information","text":"new"}}}"""
        );
    }

    [Fact]
    public async Task Subscribe_goes_on_after_a_number_of_the_same_run()
    {
        _host.Tell("one");
        _host.Tell("two");
        await using var client = new RpcClient(_host);

        (
            await client.AskAsync(
                """{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"run":"run-1","after":1}}"""
            )
        )
            .GetProperty("result")
            .GetProperty("resumed")
            .GetBoolean()
            .ShouldBeTrue();
        (await client.ReadLineAsync())!.ShouldContain("two");
        (await client.ReadLineAsync())!.ShouldContain("\"resumed\":true");
    }

    [Fact]
    public async Task Filters_keep_to_kinds_and_chats_and_follow_a_chat_that_gets_another_name()
    {
        await using var client = new RpcClient(_host);
        await client.AskAsync(
            """{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"events":["notice"],"chats":["?bob"]}}"""
        );
        (await client.ReadLineAsync())!.ShouldContain("in-step");

        _host.Tell("other chat", "#dev");
        _host.Log.Append(
            new NodeEvent.ChatReplaced(
                "?bob",
                new ChatSummary("@bob", "bob", ChatKind.Direct, ConnectionState.Idle, "", [], 0, "", [])
            )
        );
        _host.Tell("mine", "@bob");
        _host.Tell("no chat");

        (await client.ReadLineAsync())!.ShouldContain("\"mine\"");
        (await client.ReadLineAsync())!.ShouldContain("\"no chat\"");
    }

    [Fact]
    public async Task A_second_subscribe_replaces_the_first_and_unsubscribe_ends_it()
    {
        await using var client = new RpcClient(_host);
        await client.AskAsync(
            """{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"run":"run-1","after":0}}"""
        );
        (await client.ReadLineAsync())!.ShouldContain("in-step");
        await client.AskAsync(
            """{"jsonrpc":"2.0","id":2,"method":"subscribe","params":{"run":"run-1","after":0}}"""
        );
        (await client.ReadLineAsync())!.ShouldContain("in-step");

        _host.Tell("once");

        (await client.ReadLineAsync())!.ShouldContain("once");
        (await client.AskAsync("""{"jsonrpc":"2.0","id":3,"method":"unsubscribe"}"""))
            .GetProperty("id")
            .GetInt32()
            .ShouldBe(3);
        _host.Tell("nobody listens");
        (await client.AskAsync("""{"jsonrpc":"2.0","id":4,"method":"ping"}"""))
            .GetProperty("id")
            .GetInt32()
            .ShouldBe(4);
    }

    [Fact]
    public async Task Who_is_too_slow_is_told_what_is_lost_and_gets_a_new_snapshot()
    {
        var host = new FakeHost { Log = new EventLog(maxEvents: 16) };
        await using var client = new RpcClient(host);
        await client.AskAsync(
            """{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"run":"run-1","after":0}}"""
        );
        (await client.ReadLineAsync())!.ShouldContain("in-step");

        var text = new string('x', 16 * 1024);
        for (var i = 0; i < 64; i++)
        {
            host.Tell(text); // a mebibyte, of which the way to the client holds a small part
        }

        var line = await client.ReadLineAsync();
        while (!line!.Contains("\"lost\"", StringComparison.Ordinal))
        {
            line = await client.ReadLineAsync();
        }

        line.ShouldContain("\"params\":{\"from\":");
        (await client.ReadLineAsync())!.ShouldContain("\"ready\"");
        line = await client.ReadLineAsync();
        while (!line!.Contains("in-step", StringComparison.Ordinal))
        {
            line = await client.ReadLineAsync();
        }

        line.ShouldContain("\"resumed\":false");
        host.Tell("and on");
        (await client.ReadLineAsync())!.ShouldContain("and on");
    }

    [Fact]
    public async Task Goodbye_is_answered_after_everything_else_and_ends_the_session()
    {
        var answer = new TaskCompletionSource<NodeReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Answer = _ => answer.Task;
        await using var client = new RpcClient(_host);
        await client.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"get-status"}""");
        await client.SendAsync("""{"jsonrpc":"2.0","id":2,"method":"goodbye"}""");

        answer.SetResult(new NodeReply.Done());

        (await client.ReadAsync()).GetProperty("id").GetInt32().ShouldBe(1);
        (await client.ReadAsync()).GetProperty("id").GetInt32().ShouldBe(2);
        (await client.ReadLineAsync()).ShouldBeNull();
        (await client.Served).ShouldBeTrue();
        _host.Faces.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_asks_and_closes_at_once_is_answered_and_the_last_line_needs_no_end()
    {
        await using var client = new RpcClient(_host);
        await client.SendAsync(Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"method":"get-status"}"""));
        await client.EndInputAsync();

        (await client.ReadLineAsync()).ShouldBe("""{"jsonrpc":"2.0","id":1,"result":{"reply":"done"}}""");
        (await client.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_page_of_history_too_large_to_send_is_cut_at_its_old_end()
    {
        var text = new string('\u0001', 64 * 1024); // six bytes each on the wire
        var all = Enumerable
            .Range(0, 40)
            .Select(i => new ChatMessage(
                "#a",
                $"m{i}",
                "bob",
                "",
                false,
                text,
                0,
                DeliveryState.Received,
                0,
                0
            ))
            .ToArray();
        _host.Answer = _ => Task.FromResult<NodeReply>(new NodeReply.History("#a", all, false));
        await using var client = new RpcClient(_host);

        var line = await client.AskAsync(
            """{"jsonrpc":"2.0","id":1,"method":"load-history","params":{"chat":"#a","count":40}}"""
        );

        var page = line.GetProperty("result");
        page.GetProperty("hasOlder").GetBoolean().ShouldBeTrue();
        page.GetProperty("messages").EnumerateArray().Last().GetProperty("id").GetString().ShouldBe("m39");
        line.ToString().Length.ShouldBeLessThan(RpcSession.MaxPageBytes);
    }

    [Fact]
    public async Task Hand_over_is_answered_and_passed_on()
    {
        await using var client = new RpcClient(_host);

        await client.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"hand-over","params":{"processId":42}}""");

        (
            await _host.HandedOver.WaitAsync(RpcClient.Patience, TestContext.Current.CancellationToken)
        ).ShouldBe(42);
    }

    [Fact]
    public async Task Methods_lists_every_command_and_what_the_protocol_adds()
    {
        await using var client = new RpcClient(_host);

        var names = (await client.AskAsync("""{"jsonrpc":"2.0","id":1,"method":"methods"}"""))
            .GetProperty("result")
            .EnumerateArray()
            .Select(name => name.GetString()!)
            .ToList();

        names.ShouldBe(names.Order(StringComparer.Ordinal));
        names.ShouldContain("send-text");
        names.ShouldContain("subscribe");
        names.Count.ShouldBe(SurfaceJson.Commands.Count + 7);
    }
}
