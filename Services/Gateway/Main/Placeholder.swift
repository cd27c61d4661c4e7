@main enum GatewayMainPlaceholder { static func main() {} }
