// Whom to which slot, so that the sum of costs is least: the Hungarian algorithm with potentials
// (Kuhn 1955; Jonker and Volgenant 1987 for the shortest augmenting path), exact, in whole numbers.

enum MinimumCostMatching {
  /// More than any sum of costs that may occur: a pair that must not be.
  static let forbidden = 1 << 57

  /// - Parameter costs: `costs[row][column]`, at least as many columns as rows, each below 2^58.
  /// - Returns: the column of each row, each column once, with the least sum of costs; among equally
  ///   cheap ways always the same one.
  static func solve(_ costs: [[Int]]) -> [Int] {
    let rows = costs.count
    guard rows > 0 else { return [] }
    let columns = costs[0].count
    // Rows and columns count from 1; column 0 is where an augmenting path begins.
    var rowPotential = [Int](repeating: 0, count: rows + 1)
    var columnPotential = [Int](repeating: 0, count: columns + 1)
    var rowOf = [Int](repeating: 0, count: columns + 1)
    var before = [Int](repeating: 0, count: columns + 1)
    for row in 1...rows {
      rowOf[0] = row
      var column = 0
      var least = [Int](repeating: .max, count: columns + 1)
      var isUsed = [Bool](repeating: false, count: columns + 1)
      repeat {
        isUsed[column] = true
        let current = rowOf[column]
        var delta = Int.max
        var next = 0
        for other in 1...columns where !isUsed[other] {
          let slack =
            costs[current - 1][other - 1] - rowPotential[current] - columnPotential[other]
          if slack < least[other] {
            least[other] = slack
            before[other] = column
          }
          if least[other] < delta {
            delta = least[other]
            next = other
          }
        }
        for other in 0...columns {
          if isUsed[other] {
            rowPotential[rowOf[other]] += delta
            columnPotential[other] -= delta
          } else if least[other] != .max {
            least[other] -= delta
          }
        }
        column = next
      } while rowOf[column] != 0
      repeat {
        let previous = before[column]
        rowOf[column] = rowOf[previous]
        column = previous
      } while column != 0
    }
    var answer = [Int](repeating: 0, count: rows)
    for column in 1...columns where rowOf[column] != 0 { answer[rowOf[column] - 1] = column - 1 }
    return answer
  }
}
