// Names that sound right and belong to nowhere in particular: each is given out once.

struct NamePool {
  private static let first = Array("青澜望云松枫柳梅竹鹭霞岚碧翠锦银玉沙桐杏荷菱芦雁鹤莺晴朗清和")
  private static let second = Array("溪塘岭湾浦渡坪埭岙坊堰汀涧垟墩港泽畈")
  /// Names of districts and counties that exist.
  private static let taken: Set<String> = [
    "青浦", "清浦", "松溪", "沙湾", "云溪", "梅岭", "和溪", "青澜", "沙坪", "荷塘", "清溪", "云岭",
  ]
  static let surnames = Array("陈林黄周吴郑徐叶潘谢蔡项章夏朱金胡孙何方施倪邵戴尤")

  private var names: [String]

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed, part: "names")
    names = Self.first.flatMap { first in Self.second.map { "\(first)\($0)" } }
      .filter { !Self.taken.contains($0) }
    names.shuffle(using: &generator)
  }

  /// How many are left, 528 at first.
  var count: Int { names.count }

  /// - Precondition: fewer names were taken than there are.
  mutating func next() -> String { names.removeLast() }
}
