// One measurement at a time for `make bench-store`, each printing one line of JSON: the script around
// it puts them beside those of other people's programs.
import ArgumentParser

@main
struct StoreBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store-bench", abstract: "Measures the store and the feed.",
    subcommands: [
      WriteMeasurement.self, CallMeasurement.self, FeedMeasurement.self, AuditMeasurement.self,
    ])
}
