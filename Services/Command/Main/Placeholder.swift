@main enum CommandMainPlaceholder { static func main() {} }
