enum CommandRPCPlaceholder {}
