// `quintet`: what an operator types.
import ArgumentParser

@main
struct QuintetCLI: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quintet",
    abstract: "情指勤舆督一体化 / The operations centre's own command line.",
    subcommands: [
      UpCommand.self, StatusCommand.self, LogsCommand.self, IncidentCommand.self,
      FeedCommand.self, DumpCommand.self, RetentionCommand.self, BackupCommand.self,
      RestoreCommand.self, VerifyCommand.self, AuditCommand.self, KeysCommand.self,
      TokenCommand.self, AccessCommand.self, RosterCommand.self, ReplayCommand.self,
      ImportCommand.self, LocateCommand.self, PositionsCommand.self, DemoCommand.self,
      AnalyticsCommand.self, WhatIfCommand.self,
    ])
}
