@main enum IntelligenceMainPlaceholder { static func main() {} }
