using PeerChat.Tui.Commands;

return await PeerChatCommandLine.RunAsync(args);
