// A family name is recognised in a person's name as far as names can tell.
import Access
import Testing

struct FamilyNameTests {
  @Test(arguments: [
    ("张", "张伟", true), ("张", "章伟", false), ("欧阳", "欧阳小明", true), ("欧", "欧阳小明", true),
    ("欧阳", "欧小明", false), ("张", "张", false), ("张", "", false), ("", "张伟", false),
    ("Miller", "Anna Miller", true), ("miller", "Anna MILLER", true),
    ("Miller", "Miller Anna", false),
    ("Mill", "Anna Miller", false), ("张", " 张伟 ", true),
  ])
  func familyNames(own: String, person: String, isShared: Bool) throws {
    var principal = try Principal(kind: .person, name: "zhang.wei")
    principal.familyName = own
    #expect(principal.sharesFamilyName(with: person) == isShared)
  }

  @Test func whoseFamilyNameIsNotKnownSharesNone() throws {
    #expect(try !Principal(kind: .person, name: "zhang.wei").sharesFamilyName(with: "张伟"))
  }
}
