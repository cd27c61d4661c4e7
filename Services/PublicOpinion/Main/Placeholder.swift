@main enum PublicOpinionMainPlaceholder { static func main() {} }
