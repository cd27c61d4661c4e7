@main enum QuintetCLIPlaceholder { static func main() {} }
