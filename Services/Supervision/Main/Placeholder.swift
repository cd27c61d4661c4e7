@main enum SupervisionMainPlaceholder { static func main() {} }
