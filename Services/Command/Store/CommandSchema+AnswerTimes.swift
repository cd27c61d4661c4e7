// When calls were answered; NULL where nobody recorded it, as for all calls before this was asked.
import Persistence

extension CommandSchema {
  static let answerTimes = Migration(
    "command-0013-answer-times", ["ALTER TABLE call_report ADD COLUMN answer_time INTEGER"])
}
