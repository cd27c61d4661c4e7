@main enum DutyMainPlaceholder { static func main() {} }
