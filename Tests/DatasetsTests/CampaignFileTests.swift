// A campaign's list as spreadsheets here save it: two encodings, quotes, and rows that are no good.
import Datasets
import Foundation
import Testing

/// `“低洼”,点` in GB 18030, with a character of four bytes (U+20000).
private let encoded: [UInt8] =
  [0xB1, 0xE0, 0xBA, 0xC5, 0x2C, 0xB5, 0xE3, 0xCE, 0xBB, 0x0A]
  + [0x31, 0x2C, 0x22, 0xA1, 0xB0, 0xB5, 0xCD, 0xCD, 0xDD, 0xA1, 0xB1, 0x2C, 0x22, 0x22, 0xB5]
  + [0xE3, 0x22, 0x22, 0x22, 0x0A, 0x32, 0x2C, 0x95, 0x32, 0x82, 0x36, 0x0A]
  + [0x33, 0x2C, 0xFF, 0x0A]

private func rows(_ file: CampaignFile) -> [CampaignFileRow] {
  var rows: [CampaignFileRow] = []
  file.readRows { rows.append($0) }
  return rows
}

@Test func aListInGB18030IsReadAndBadBytesCostOneRow() throws {
  let file = try CampaignFile(DataFile(bytes: encoded))
  #expect(file.encoding == .gb18030)
  #expect(file.header == ["编号", "点位"])
  let read = rows(file)
  #expect(read.map(\.number) == [1, 2, 3])
  #expect(read[0].values == ["1", "“低洼”,\"点\""])
  #expect(read[1].values == ["2", "𠀀"])
  #expect(read[2].values.isEmpty && read[2].problem == "INVALID_ENCODING")
}

@Test func aListInUTF8IsReadWithItsMarkAndItsBrokenRows() throws {
  let text = "\u{FEFF}编号, 点位 \n1,\"甲\n乙\"\n\n2,\"丙\"丁\n3,戊,己\n"
  let file = try CampaignFile(DataFile(bytes: Array(text.utf8)))
  #expect(file.encoding == .utf8)
  #expect(file.header == ["编号", "点位"])
  let read = rows(file)
  #expect(read.map(\.number) == [1, 2, 3])
  #expect(read[0].values == ["1", "甲\n乙"])
  #expect(read[1].problem == "MALFORMED_QUOTE")
  // How many columns there are is the campaign's to judge.
  #expect(read[2].values == ["3", "戊", "己"])
}

@Test func aFileWithoutAHeaderIsNoList() {
  #expect(throws: DatasetError.noHeader) { try CampaignFile(DataFile(bytes: [])) }
}
